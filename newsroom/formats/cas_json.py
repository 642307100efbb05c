"""UIMA CAS as JSON 0.4.0 (https://github.com/apache/uima-uimaj-io-jsoncas): a zip with a CAS for each
article.

Offsets are UTF-16 units, as they are in Java. Mentions are DKPro's `NamedEntity` and more:
`controluce.Mention` is a kind of it, with the kind of entity as its `value` and the address of the thing
as its `identifier`. Claims, attributions, parts, links and what is known of the article have types of our
own, declared in `%TYPES`. So all that an article has fits into a CAS.

What is read is what is a tag here or a `NamedEntity` of any maker; other annotations have no place and are
counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from newsroom.text.offsets import Utf16Offsets

from . import archives, json_text
from .annotated import (
    ABOUT,
    ABOUT_TAGS,
    ATTRIBUTION,
    CLAIM,
    CONTENT,
    LINKS,
    MENTION,
    AnnotatedText,
    BadFile,
    Link,
    Losses,
    OutsideTheText,
    Part,
    Room,
    Tag,
    checked,
    label_of,
    meaning_of,
)

ROOM = Room()

_ANNOTATION, _SOFA, _DOCUMENT = "uima.tcas.Annotation", "uima.cas.Sofa", "uima.tcas.DocumentAnnotation"
_NAMED = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_ABOUT = "controluce.Article"
_PART = "controluce.Part"
_LINK = "controluce.Link"
_TAG_TYPES = {CLAIM: "controluce.Claim", MENTION: "controluce.Mention", ATTRIBUTION: "controluce.Attribution"}
_KIND_OF = {name: kind for kind, name in _TAG_TYPES.items()}
#: Features that say what kind a tag is called by and by which address, as DKPro calls them.
_OURS = {"name": "entityName", "text": "wording", "lang": "language"}
_THEIRS = {theirs: ours for ours, theirs in _OURS.items()}


def _type(name: str, above: str, **features: str) -> dict[str, Any]:
    return {
        "%NAME": name,
        "%SUPER_TYPE": above,
        **{feature: {"%NAME": feature, "%RANGE": kind} for feature, kind in features.items()},
    }


_STRING = "uima.cas.String"
_OF_TAGS = {_OURS.get(name, name): _STRING for name in ABOUT_TAGS}
_TYPES = {
    item["%NAME"]: item
    for item in (
        _type(_NAMED, _ANNOTATION, value=_STRING, identifier=_STRING),
        _type(_PART, _ANNOTATION, role=_STRING),
        _type(_TAG_TYPES[MENTION], _NAMED, tag=_STRING, parts=f"{_PART}[]", **_OF_TAGS),
        _type(_TAG_TYPES[CLAIM], _ANNOTATION, tag=_STRING, parts=f"{_PART}[]", **_OF_TAGS),
        _type(_TAG_TYPES[ATTRIBUTION], _ANNOTATION, tag=_STRING, parts=f"{_PART}[]", **_OF_TAGS),
        _type(_LINK, "uima.cas.TOP", kind=_STRING, subject=_ANNOTATION, object=_ANNOTATION),
        _type(
            _ABOUT,
            "uima.cas.TOP",
            id=_STRING,
            lang=_STRING,
            html=_STRING,
            **dict.fromkeys(ABOUT, _STRING),
        ),
    )
}


def write(texts: Iterable[AnnotatedText], losses: Losses) -> Iterator[bytes]:
    return archives.zipped(
        (archives.file_name(text.id) + ".json", json_text.dumps(_cas(ROOM.reduced(text, losses))))
        for text in texts
    )


def read(file: BinaryIO, losses: Losses) -> Iterator[AnnotatedText]:
    """A zip of CASes, or one CAS."""
    if not archives.is_zip(file):
        where = _("The file")
        yield _text(json_text.whole(file, where, json_text.LONGEST_LINE), "", losses, where)
        return
    for name, body in archives.members(file, _("The file")):
        if name.endswith(".json"):
            yield _text(json_text.value(body, name), archives.id_of(name), losses, name)


def _cas(text: AnnotatedText) -> dict[str, Any]:
    units = Utf16Offsets(text.text)
    structures: list[dict[str, Any]] = [
        {
            "%ID": 1,
            "%TYPE": _SOFA,
            "sofaNum": 1,
            "sofaID": "_InitialView",
            "mimeType": "text",
            "sofaString": text.text,
        },
        {
            "%ID": 2,
            "%TYPE": _DOCUMENT,
            "@sofa": 1,
            "begin": 0,
            "end": units.to_utf16(len(text.text)),
            "language": text.lang or "x-unspecified",
        },
        _filled(
            {"%ID": 3, "%TYPE": _ABOUT, "id": text.id, "lang": text.lang, "html": text.html, **text.known}
        ),
    ]
    members = [2, 3]

    def add(**features: Any) -> int:
        number = len(structures) + 1
        structures.append({"%ID": number, **features})
        return number

    def add_annotation(kind: str, start: int, end: int, **features: Any) -> int:
        number = add(
            **{"%TYPE": kind, "@sofa": 1},
            begin=units.to_utf16(start),
            end=units.to_utf16(end),
            **features,
        )
        members.append(number)
        return number

    number_of: dict[str, int] = {}
    for tag in text.tags:
        features = {"tag": tag.id, **{_OURS.get(name, name): said for name, said in tag.known.items()}}
        if tag.kind == MENTION:
            features["value"] = label_of(tag)
            if "same_as" in tag.known:
                features["identifier"] = tag.known["same_as"]
        if len(tag.parts) > 1 or tag.parts[0].role != CONTENT:
            parts = [add_annotation(_PART, part.start, part.end, role=part.role) for part in tag.parts]
            features["@parts"] = add(**{"%TYPE": f"{_PART}[]", "%ELEMENTS": parts})
        number_of[tag.id] = add_annotation(_TAG_TYPES[tag.kind], tag.start, tag.end, **features)
    for link in text.links:
        ends = {"@subject": number_of[link.subject], "@object": number_of[link.object]}
        members.append(add(**{"%TYPE": _LINK, "kind": link.kind, **ends}))
    return {
        "%TYPES": _TYPES,
        "%FEATURE_STRUCTURES": structures,
        "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": members}},
    }


def _filled(features: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in features.items() if value != ""}


def _text(data: Any, name: str, losses: Losses, where: str) -> AnnotatedText:
    structures = _structures(json_text.obj(data, where), where)
    sofa = next((fs for fs in structures.values() if fs.get("%TYPE") == _SOFA), None)
    if sofa is None or type(sofa.get("sofaString")) is not str:
        raise BadFile(where=where, why=_("There is no text in it."))
    text = sofa["sofaString"]
    units = Utf16Offsets(text)
    about: Mapping[str, Any] = {}
    lang = ""
    tags: list[Tag] = []
    names: dict[int, str] = {}
    links = []
    supertypes = _supertypes(data.get("%TYPES"), where)
    for number, fs in structures.items():
        kind = fs.get("%TYPE")
        if kind == _ABOUT:
            about = fs
        elif kind == _DOCUMENT or _DOCUMENT in supertypes.get(kind, ()):
            lang = str(fs.get("language") or "").replace("x-unspecified", "")
        elif kind in _KIND_OF or kind == _NAMED or _NAMED in supertypes.get(kind, ()):
            tag = _tag(number, fs, structures, units, where)
            names[number] = tag.id
            tags.append(tag)
        elif kind == _LINK:
            links.append(fs)
        elif kind not in (_SOFA, _PART, f"{_PART}[]"):
            losses.add("tag", str(kind))
    known = {key: json_text.words(about[key], key, where) for key in ABOUT if about.get(key)}
    return checked(
        AnnotatedText(
            id=json_text.words(about.get("id") or name or "1", "id", where),
            text=text,
            lang=json_text.words(about.get("lang") or "", "lang", where) if about else lang,
            html=json_text.words(about.get("html") or "", "html", where),
            known=known,
            tags=tuple(tags),
            links=tuple(_link(fs, names, where) for fs in links if fs.get("kind") in LINKS),
        ),
        where,
    )


def _structures(data: Mapping[str, Any], where: str) -> dict[int, dict[str, Any]]:
    """Feature structures by their number: they come as a list, or by number."""
    found = data.get("%FEATURE_STRUCTURES")
    structures: dict[int, dict[str, Any]] = {}
    if type(found) is dict:
        items: Iterable[tuple[Any, Any]] = (
            (int(key) if key.isdecimal() and len(key) < 20 else None, fs) for key, fs in found.items()
        )
    else:
        listed = json_text.array(found, "%FEATURE_STRUCTURES", where)
        items = ((json_text.obj(fs, where).get("%ID"), fs) for fs in listed)
    for number, fs in items:
        if type(number) is not int or number in structures:
            raise BadFile(where=where, why=_("A feature structure has no number of its own."))
        structures[number] = json_text.obj(fs, where)
    return structures


def _supertypes(types: Any, where: str) -> dict[Any, set[str]]:
    """Of each declared type all that it is a kind of; a circle ends where it began."""
    above = {
        name: json_text.obj(item, where).get("%SUPER_TYPE")
        for name, item in json_text.obj(types if types is not None else {}, where).items()
    }
    found: dict[Any, set[str]] = {}
    for name in above:
        chain: set[str] = set()
        here: Any = above[name]
        while type(here) is str and here not in chain:
            chain.add(here)
            here = above.get(here)
        found[name] = chain
    return found


def _tag(
    number: int, fs: Mapping[str, Any], structures: Mapping[int, Any], units: Utf16Offsets, where: str
) -> Tag:
    kind = _KIND_OF.get(fs.get("%TYPE"), MENTION)
    known = {
        _THEIRS.get(name, name): json_text.words(fs[name], name, where) for name in _OF_TAGS if fs.get(name)
    }
    if fs.get("%TYPE") not in _KIND_OF:
        if value := fs.get("value"):
            kind, said = meaning_of(json_text.words(value, "value", where))
            known |= said
        identifier = fs.get("identifier")
        if type(identifier) is str and identifier.startswith(("https://", "http://")):
            known["same_as"] = identifier
    elements: list[Any] = []
    if (array := fs.get("@parts")) is not None:
        held = structures.get(array) if type(array) is int else None
        elements = json_text.array(json_text.obj(held, where).get("%ELEMENTS"), "parts", where)
    parts = [_part(structures.get(item) if type(item) is int else None, units, where) for item in elements]
    return Tag(
        json_text.words(fs.get("tag") or str(number), "tag", where),
        kind,
        tuple(parts or [_part(fs, units, where)]),
        known,
    )


def _part(fs: Any, units: Utf16Offsets, where: str) -> Part:
    fs = json_text.obj(fs, where)
    begin, end = (json_text.offset(fs.get(name), where) for name in ("begin", "end"))
    try:
        start, stop = units.from_utf16(begin), units.from_utf16(end)
    except ValueError:
        raise OutsideTheText(where=where, start=begin, end=end, length=units.length) from None
    role = fs.get("role") if fs.get("%TYPE") == _PART else CONTENT
    return Part(start, stop, json_text.words(role, "role", where))


def _link(fs: Mapping[str, Any], names: Mapping[int, str], where: str) -> Link:
    ends = [fs.get("@subject"), fs.get("@object")]
    if any(type(end) is not int or end not in names for end in ends):
        raise BadFile(where=where, why=_("A relation leads to no tag."))
    return Link(fs["kind"], *(names[end] for end in ends))
