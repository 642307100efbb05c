"""What RFC 4287 demands of a feed, our own port of its MUSTs: `faults(feed)` names each that is not met."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

ATOM, XHTML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"
XML = "{http://www.w3.org/XML/1998/namespace}"

#: Of each container: what stands in it once, at most once, and as often as one likes (4.1.1, 4.1.2, 3.2).
CHILDREN = {
    "feed": (
        {"id", "title", "updated"},
        {"generator", "icon", "logo", "rights", "subtitle"},
        {"author", "category", "contributor", "link", "entry"},
    ),
    "entry": (
        {"id", "title", "updated"},
        {"content", "published", "rights", "source", "summary"},
        {"author", "category", "contributor", "link"},
    ),
    "author": ({"name"}, {"uri", "email"}, set()),
    "contributor": ({"name"}, {"uri", "email"}, set()),
}
TEXTS = {"title", "subtitle", "summary", "rights"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LANGUAGE = re.compile(r"([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
#: RFC 4151.
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*")


def faults(feed: bytes) -> list[str]:
    root = etree.fromstring(feed)
    if root.tag != f"{ATOM}feed":
        return ["root"]
    found = list(_of_container(root))
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        found += _of_container(entry)
        found += _of_entry(entry, root)
    ids = Counter((entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries)
    found += ["entry twice" for number in ids.values() if number > 1]
    if root.find(f"{ATOM}author") is None and (
        not entries or any(entry.find(f"{ATOM}author") is None for entry in entries)
    ):
        found.append("no author")
    for element in root.iter(etree.Element):
        found += _of_element(element)
    return found


def _of_container(element: etree._Element) -> Iterator[str]:
    name = element.tag.removeprefix(ATOM)
    once, at_most, often = CHILDREN[name]
    numbers = Counter(child.tag.removeprefix(ATOM) for child in element if str(child.tag).startswith(ATOM))
    yield from (f"{name} without {child}" for child in sorted(once) if not numbers[child])
    yield from (f"{name} with many {child}" for child in sorted(once | at_most) if numbers[child] > 1)
    yield from (f"{name} with {child}" for child in sorted(set(numbers) - once - at_most - often))
    alternates = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in element.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    )
    yield from (f"{name} with alternates alike" for number in alternates.values() if number > 1)


def _of_entry(entry: etree._Element, root: etree._Element) -> Iterator[str]:
    content = entry.find(f"{ATOM}content")
    links = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
    if content is None and "alternate" not in links:
        yield "entry with neither content nor alternate"
    if content is not None and content.get("src") and entry.find(f"{ATOM}summary") is None:
        yield "content elsewhere without summary"


def _of_element(element: etree._Element) -> Iterator[str]:
    name = str(element.tag).removeprefix(ATOM)
    if not LANGUAGE.fullmatch(element.get(f"{XML}lang", "")):
        yield f"{name} in no language"
    if not str(element.tag).startswith(ATOM):
        return
    text = (element.text or "").strip()
    if name in ("updated", "published") and not MOMENT.fullmatch(element.text or ""):
        yield f"{name} is no moment"
    if name == "id" and not ABSOLUTE.fullmatch(element.text or ""):
        yield "id is no IRI"
    if name == "name" and not text:
        yield "nobody's name"
    if name == "email" and "@" not in text:
        yield "email is none"
    if name == "link" and not element.get("href"):
        yield "link without href"
    if name == "category" and not element.get("term"):
        yield "category without term"
    if name in TEXTS | {"content"}:
        yield from _of_text(element, name)
    if name in CHILDREN:
        if name in ("author", "contributor"):
            yield from _of_container(element)
    elif name not in TEXTS | {"content"} and len(element):
        yield f"{name} with children"


def _of_text(element: etree._Element, name: str) -> Iterator[str]:
    kind = element.get("type", "text")
    if kind == "xhtml":
        if [child.tag for child in element] != [f"{XHTML}div"] or (element.text or "").strip():
            yield f"{name} of no one div"
        for child in element.iter(etree.Element):
            if child is not element and not str(child.tag).startswith(XHTML):
                yield f"{name} with what is no XHTML"
    elif kind in ("text", "html"):
        if len(element):
            yield f"{name} with children"
    elif name in TEXTS:
        yield f"{name} of an unknown type"
