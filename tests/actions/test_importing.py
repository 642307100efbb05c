"""Texts that were brought become drafts with annotations: all of them, or none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.utils import translation
from django.utils.timezone import now

from newsroom.actions import importing
from newsroom.actions.refusals import Refused
from newsroom.formats import archives, json_text
from newsroom.formats.annotated import AnnotatedText, BadFile, Link, Losses, Part, Tag
from newsroom.formats.exchanges import FORMATS
from newsroom.models import (
    Annotation,
    Article,
    ArticleEntry,
    Attribution,
    Claim,
    ClaimRelation,
    Deed,
    Entity,
    Revision,
    Source,
    Target,
    User,
)
from newsroom.presenters.exporting import annotated_texts
from tests.making import make_article, make_claim, make_entity, make_mention

pytestmark = pytest.mark.django_db

TEXT = "Il sindaco dice che il ponte è aperto.\nIl ponte costa dieci milioni."


def tagged(*tags: Tag, text: str = TEXT, **given) -> AnnotatedText:
    return AnnotatedText(**({"id": str(uuid4()), "text": text, "lang": "it", "tags": tags} | given))


def claim(start: int, end: int, called: str = "1", **known: str) -> Tag:
    return Tag(called, "claim", (Part(start, end),), known)


def mention(start: int, end: int, called: str = "1", **known: str) -> Tag:
    return Tag(called, "mention", (Part(start, end),), known)


def counts() -> list[int]:
    kept = (Article, Revision, Annotation, Target, Claim, Entity, Source, Attribution, Deed)
    return [model.objects.count() for model in kept]


def test_a_text_becomes_a_draft_that_is_not_for_everyone(editor: User) -> None:
    report = importing.store([tagged(known={"headline": "Il ponte"})], by=editor, at=now())
    [article] = report.made
    article.refresh_from_db()
    assert (article.headline, article.rights, article.published_at) == ("Il ponte", "quotation", None)
    assert article.current_revision.text == TEXT
    assert article.current_revision.html == "\n".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
    assert article.current_revision.document == article.current_revision.document.from_data(
        TEXT, article.current_revision.blocks
    )
    assert Deed.objects.get(verb="article.import").article == article
    assert ArticleEntry.differing([article.pk]) == []


def test_tags_become_annotations_with_what_they_name(editor: User) -> None:
    said = Tag(
        "3", "attribution", (Part(0, 10, "source"), Part(11, 15, "cue"), Part(20, 37)),
        {"name": "Il sindaco", "quote_type": "indirect"},
    )  # fmt: skip
    tags = (claim(20, 37, text="Il ponte è aperto."), mention(42, 47, "2", entity_kind="work"), said)
    report = importing.store([tagged(*tags)], by=editor, at=now())
    assert (report.annotations, report.named) == (3, {"claim": 1, "entity": 1, "source": 1})
    assert all(t.exact == TEXT[t.start : t.end] for t in Target.objects.filter(revision__text=TEXT))
    assert Entity.objects.get(name="ponte").kind == "work"
    attribution = Attribution.objects.get(source__name="Il sindaco")
    assert [t.role for t in attribution.annotation.targets.order_by("start")] == ["source", "cue", "content"]


def test_what_is_here_is_found_by_uuid_then_by_name_and_kind(editor: User) -> None:
    bridge, other = make_entity(name="Ponte", kind="work"), make_entity(name="Il Ponte Nuovo", kind="work")
    known = make_claim(text="Il ponte è aperto.", lang="it")
    tags = (
        mention(23, 28, name="ponte", entity_kind="work"),
        mention(42, 47, "2", entity=str(other.uuid), entity_kind="place"),
        claim(20, 37, "3", text="Il ponte è aperto."),
        claim(39, 60, "4", claim=str(known.uuid), text="Altro"),
    )
    report = importing.store([tagged(*tags)], by=editor, at=now())
    assert not report.named
    [article] = report.made
    found = {
        row.targets.get().start: row.mentions.get().entity
        for row in article.annotations.filter(kind="mention")
    }
    assert found == {23: bridge, 42: other}
    assert {row.appearance.claim for row in article.annotations.filter(kind="claim")} == {known}


def test_the_same_file_again_changes_nothing(editor: User) -> None:
    texts = [tagged(claim(20, 37), mention(23, 28, "2"), id="nota 1")]
    importing.store(texts, by=editor, at=now())
    before = counts()
    report = importing.store(texts, by=editor, at=now())
    assert (len(report.unchanged), report.made, report.tagged) == (1, [], [])
    assert counts() == before


def test_an_article_that_is_here_gets_the_tags_that_it_lacks(editor: User) -> None:
    article = make_article()
    make_mention(article, "Il ponte")
    [text] = annotated_texts(Article.objects.filter(pk=article.pk), at=now(), demo=True, for_the_desk=True)
    more = replace(text, tags=(*text.tags, claim(0, 8, "nuovo")))
    report = importing.store([more], by=editor, at=now())
    assert (report.tagged, report.annotations) == ([article], 1)


def test_another_text_under_the_same_id_is_refused(editor: User) -> None:
    article = make_article()
    before = counts()
    with pytest.raises(Refused, match="con un altro testo"):
        importing.store([tagged(), tagged(claim(0, 10), id=str(article.uuid))], by=editor, at=now())
    assert counts() == before


def test_another_text_without_tags_is_left_as_it_is_here_and_reported(editor: User) -> None:
    article = make_article()
    text = article.current_revision.text
    report = importing.store([tagged(), tagged(id=str(article.uuid))], by=editor, at=now())
    article.refresh_from_db()
    assert (len(report.made), report.differing, article.current_revision.text) == (1, [article], text)
    assert report.left == {"differing": 1}


def test_what_a_program_tagged_is_a_suggestion_and_a_rating_is_not_kept(editor: User) -> None:
    tags = (mention(23, 28, generator="spacy"), claim(20, 37, "2", rating="false"))
    report = importing.store([tagged(*tags)], by=editor, at=now())
    assert report.left == {"ratings": 1}
    assert set(report.made[0].annotations.values_list("kind", "state")) == {
        ("mention", "suggested"), ("claim", "accepted"),
    }  # fmt: skip


def test_relations_between_claims_are_kept(editor: User) -> None:
    tags = (claim(20, 37), claim(39, 67, "2"))
    text = tagged(*tags, links=(Link("repeats", "1", "2"),))
    importing.store([text], by=editor, at=now())
    assert ClaimRelation.objects.filter(kind="repeats", source__text="il ponte è aperto").count() == 1


def test_a_text_that_is_not_canonical_is_made_so_and_its_tags_go_along(editor: User) -> None:
    text = "\ufeffE\u0300  vero,\r\n\r\n  il \u200bponte e\u0301 aperto. "
    start = text.index("ponte")
    report = importing.store([tagged(mention(start, start + 5), text=text)], by=editor, at=now())
    [target] = Target.objects.filter(annotation__article=report.made[0])
    assert target.revision.text == "È vero,\nil ponte é aperto."
    assert target.exact == "ponte"


def test_a_tag_without_words_in_the_canonical_text_is_refused_by_name(editor: User) -> None:
    with pytest.raises(Refused, match="«vuoto» non sta nel testo"):
        importing.store([tagged(mention(2, 4, "vuoto"), text="Il  ponte")], by=editor, at=now())
    assert not Article.objects.filter(headline="Il ponte").exists()


def test_queries_do_not_grow_with_the_texts(editor: User, django_assert_max_num_queries) -> None:
    def texts(count: int) -> list[AnnotatedText]:
        return [
            tagged(claim(20, 37, text=f"È {number}."), mention(23, 28, "2", name=f"N{number} {count}"))
            for number in range(count)
        ]

    with django_assert_max_num_queries(80):
        importing.store(texts(40), by=editor, at=now())


# What somebody brings to do harm, or by mistake


def zipped(**members: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, content in members.items():
            writing.writestr(name.replace("__", "."), content)
    return body.getvalue()


def brat(annotations: bytes, text: bytes = b"Il ponte.") -> bytes:
    return zipped(a__txt=text, a__ann=annotations)


def slipped() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as writing:
        writing.writestr("../../etc/a.txt", b"Il ponte.")
    return body.getvalue()


def sofa(**features: object) -> bytes:
    structures = [
        {
            "%ID": 1,
            "%TYPE": "uima.cas.Sofa",
            "sofaNum": 1,
            "sofaID": "_InitialView",
            "sofaString": "Il 👩 ponte",
        },
        {"%ID": 2, "%TYPE": "controluce.Claim", "@sofa": 1, **features},
    ]
    return json_text.dumps({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}})


def region(start: object, end: object, name: str = "a") -> dict[str, object]:
    return {
        "id": name,
        "type": "labels",
        "from_name": "label",
        "value": {"start": start, "end": end, "labels": ["x"]},
    }


def task(*result: dict[str, object]) -> bytes:
    return json_text.dumps([{"data": {"text": "Il ponte."}, "annotations": [{"result": result}]}])


def line(label: str) -> bytes:
    return b'{"text": "Il ponte.", "label": [%s]}' % label.encode()


def related(relations: str, entities: str = "") -> bytes:
    both = ",".join(
        f'{{"id":{number},"start_offset":{start},"end_offset":{start + 2},"label":"claim"}}'
        for number, start in ((1, 0), (2, 3))
    )
    return f'{{"text":"Il ponte.","entities":[{entities or both}],"relations":[{relations}]}}'.encode()


TSV = b"#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value\n\n\n#Text=Il ponte.\n"
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "outside": ("doccano", lambda: line('[0, 100, "x"]')),
    "negative": ("doccano", lambda: line('[-3, 2, "x"]')),
    "reversed": ("doccano", lambda: line('[5, 2, "x"]')),
    "empty tag": ("doccano", lambda: line('[2, 2, "x"]')),
    "no number": ("doccano", lambda: line('["0", 2, "x"]')),
    "a fraction": ("doccano", lambda: line('[0.0, 2, "x"]')),
    "a huge number": ("doccano", lambda: line('[0, 99999999999999999999999999, "x"]')),
    "NaN": ("doccano", lambda: line('[NaN, 2, "x"]')),
    "Infinity": ("doccano", lambda: line('[0, Infinity, "x"]')),
    "true": ("doccano", lambda: line('[true, 2, "x"]')),
    "NUL": ("doccano", lambda: rb'{"text": "Il \u0000 ponte", "label": []}'),
    "NUL in a label": ("doccano", lambda: line(r'[0, 2, "x\u0000"]')),
    "half a surrogate": ("doccano", lambda: rb'{"text": "Il \ud83d ponte", "label": []}'),
    "surrogate bytes": ("doccano", lambda: b'{"text": "Il \xed\xa0\xbd", "label": []}'),
    "latin-1": ("doccano", lambda: '{"text": "è"}'.encode("latin-1")),
    "UTF-16": ("doccano", lambda: '{"text": "è"}'.encode("utf-16")),
    "deep nesting": ("doccano", lambda: b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a line of 100 MB": ("doccano", lambda: b'{"text": "' + b"a" * 100_000_000),
    "no object": ("doccano", lambda: b"[1, 2]"),
    "no text": ("doccano", lambda: b'{"label": []}'),
    "a relation to nothing": (
        "doccano-relations",
        lambda: related('{"id":1,"from_id":1,"to_id":9,"type":"repeats"}'),
    ),
    "two of one name": (
        "doccano-relations",
        lambda: related("", ",".join(['{"id":1,"start_offset":0,"end_offset":2,"label":"x"}'] * 2)),
    ),
    "a circle": (
        "doccano-relations",
        lambda: related(
            '{"id":1,"from_id":1,"to_id":2,"type":"part_of"},{"id":2,"from_id":2,"to_id":1,"type":"part_of"}'
        ),
    ),
    "Label Studio, outside": ("label-studio", lambda: task(region(0, 100))),
    "Label Studio, twice": ("label-studio", lambda: task(region(0, 2), region(0, 2))),
    "Label Studio, no number": ("label-studio", lambda: task(region("/p[1]", 2))),
    "Label Studio, deep": ("label-studio", lambda: b"[" * 100_000),
    "brat, outside": ("brat", lambda: brat(b"T1\tx 0 100\tIl\n")),
    "brat, negative": ("brat", lambda: brat(b"T1\tx -1 2\tIl\n")),
    "brat, no number": ("brat", lambda: brat("T1\tx ٣ ٤\tIl\n".encode())),
    "brat, twice": ("brat", lambda: brat(b"T1\tx 0 2\tIl\nT1\tx 3 8\tponte\n")),
    "brat, no trigger": ("brat", lambda: brat(b"E1\tx:T9\n")),
    "brat, no line": ("brat", lambda: brat(b"ciao\n")),
    "brat, no text": ("brat", lambda: zipped(a__ann=b"T1\tx 0 2\tIl\n")),
    "brat, latin-1": ("brat", lambda: brat(b"", "è".encode("latin-1"))),
    "brat, NUL": ("brat", lambda: brat(b"", b"Il \0 ponte")),
    "no zip": ("brat", lambda: b"PK\x03\x04 this is none"),
    "zip slip": ("brat", slipped),
    "zip bomb": ("brat", lambda: zipped(a__txt=b"\n" * 60_000_000)),
    "CAS, inside a character": ("cas", lambda: sofa(begin=0, end=4)),
    "CAS, outside": ("cas", lambda: sofa(begin=0, end=99)),
    "CAS, no number": ("cas", lambda: sofa(begin=0, end="3")),
    "CAS, parts of nothing": ("cas", lambda: sofa(begin=0, end=2, **{"@parts": 77})),
    "CAS, no text": ("cas", lambda: b'{"%FEATURE_STRUCTURES": []}'),
    "CAS, one number twice": ("cas", lambda: b'{"%FEATURE_STRUCTURES": [{"%ID": 1}, {"%ID": 1}]}'),
    "CoNLL-2003, no class": ("conll2003", lambda: b"Milano NNP\n"),
    "CoNLL-2003, latin-1": ("conll2003", lambda: "Forlì _ _ O\n".encode("latin-1")),
    "CoNLL-U, nine columns": ("conllu", lambda: b"1\tIl\t_\t_\t_\t_\t_\t_\t_\n"),
    "CoNLL-U, no tag": ("conllu", lambda: b"1\tIl\t_\t_\t_\t_\t_\t_\t_\tTags=ciao\n"),
    "CoNLL-U, no number": ("conllu", lambda: b"x\tIl\t_\t_\t_\t_\t_\t_\t_\t_\n"),
    "WebAnno, no header": ("webanno", lambda: b"ciao"),
    "WebAnno, a word elsewhere": ("webanno", lambda: TSV + b"1-1\t0-2\tLa\t_\t\n"),
    "WebAnno, outside": ("webanno", lambda: TSV + b"1-1\t0-2\tIl\t_\t\n1-2\t3-99\tponte\t_\t\n"),
    "WebAnno, columns missing": ("webanno", lambda: TSV + b"1-1\t0-2\tIl\n"),
    "WebAnno, far away": ("webanno", lambda: TSV + b"1-1\t9999999999-9999999999\tIl\t_\t\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_nothing_is_stored(name: str, editor: User) -> None:
    key, make = HOSTILE[name]
    good = AnnotatedText("buono", "Un testo buono.")

    def texts(body: bytes):
        yield good
        yield from FORMATS[key].read(io.BytesIO(body), Losses())

    before = counts()
    with pytest.raises(BadFile):
        importing.store(texts(make()), by=editor, at=now())
    assert counts() == before
    said = {}
    for lang in ("it", "en"):
        with translation.override(lang), pytest.raises(BadFile) as raised:
            list(texts(make()))
        said[lang] = str(raised.value)
        with translation.override(lang):
            said[lang] = str(raised.value)
    assert said["it"] != said["en"]
    assert max(map(len, said.values())) < 500


def test_a_zip_of_too_many_files_is_not_unpacked(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 1)
    with pytest.raises(BadFile, match="più di 1 file"):
        list(FORMATS["brat"].read(io.BytesIO(zipped(a__txt=b"a", b__txt=b"b")), Losses()))


def test_an_id_that_is_no_uuid_becomes_one(editor: User) -> None:
    [article] = importing.store([tagged(id="../x")], by=editor, at=now()).made
    assert isinstance(article.uuid, UUID)


def test_what_is_foreseen_is_what_would_be_done_and_is_not_done(editor: User) -> None:
    make_entity(name="Il ponte", kind="concept")
    texts = [tagged(claim(23, 37), mention(39, 47, "2"), mention(3, 10, "3"))]
    rows = Article, Annotation, Target, Entity, Claim, Deed, ArticleEntry
    before = [model.objects.count() for model in rows]
    foreseen = importing.foresee(texts, by=editor, at=now())
    assert [model.objects.count() for model in rows] == before
    assert (foreseen.known["entity"], foreseen.named["entity"], foreseen.named["claim"]) == (1, 1, 1)
    assert {name[:2] for name in foreseen.new_names} == {("claim", "ponte è aperto"), ("entity", "sindaco")}
    stored = importing.store(texts, by=editor, at=now())
    assert (stored.named, stored.annotations) == (foreseen.named, foreseen.annotations)
    assert len(stored.made) == len(foreseen.made) == 1


def test_what_portions_name_alike_is_foreseen_once(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_entity(name="Il ponte", kind="concept")
    texts = [tagged(claim(23, 37), mention(39, 47, "2"), mention(3, 10, "3")) for _number in range(5)]
    whole = importing.foresee(texts, by=editor, at=now())
    monkeypatch.setattr("newsroom.actions.importing.storing.PORTION", 2)
    foreseen = importing.foresee(texts, by=editor, at=now())
    assert (foreseen.named, foreseen.known) == (whole.named, whole.known)
    assert foreseen.named == {"claim": 1, "entity": 1} and foreseen.known["entity"] == 1
    assert (len(foreseen.made), foreseen.annotations) == (5, 15)
    with pytest.raises(Refused, match="due volte"):
        importing.foresee([*texts, texts[0]], by=editor, at=now())


def test_what_would_be_refused_is_refused_when_it_is_foreseen(editor: User) -> None:
    article = make_article()
    with pytest.raises(Refused) as refusal:
        importing.foresee([tagged(claim(0, 10), id=str(article.uuid))], by=editor, at=now())
    assert refusal.value.code == "text"


def test_of_what_is_here_already_nothing_is_named_anew(editor: User) -> None:
    """A file without ids brought again, after somebody worded the claim and named the place otherwise."""
    text = tagged(claim(23, 37), mention(39, 47, "2"))
    importing.store([text], by=editor, at=now())
    Claim.objects.filter(text="ponte è aperto").update(text="Il ponte di Ada è aperto.")
    Entity.objects.filter(name="Il ponte").update(name="Ponte di Ada", sort_key="ponte di ada")
    before = Claim.objects.count(), Entity.objects.count(), Deed.objects.count()
    report = importing.store([text], by=editor, at=now())
    assert (Claim.objects.count(), Entity.objects.count(), Deed.objects.count()) == before
    assert (len(report.unchanged), sum(report.named.values())) == (1, 0)


def test_relations_are_between_the_claims_that_are_here(editor: User) -> None:
    one, other = claim(23, 37, "1"), claim(39, 67, "2")
    text = tagged(one, other)
    importing.store([text], by=editor, at=now())
    Claim.objects.filter(text="ponte è aperto").update(text="Il ponte di Ada è aperto.")
    report = importing.store([replace(text, links=(Link("supports", "1", "2"),))], by=editor, at=now())
    [relation] = ClaimRelation.objects.order_by("-pk")[:1]
    assert relation.source.text == "Il ponte di Ada è aperto."
    assert (report.named["claim"], report.left["links"]) == (0, 0)
