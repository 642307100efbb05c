"""Files that others wrote, and others reading ours."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import cassis
import conllu
import pytest
from hypothesis import given

from newsroom.formats import cas_json, label_studio
from newsroom.formats.annotated import AnnotatedText, Losses, Part, Tag
from newsroom.formats.exchanges import FORMATS

from .annotated_texts import annotated_texts, corpora
from .test_exchanges import BOTH_WAYS, read, written

STANDARDS = Path(__file__).parent.parent / "standards"
TEXT = "💩 Il ponte è aperto."


def spans(text: AnnotatedText) -> list[tuple[str, str]]:
    return [(text.text[tag.start : tag.end], tag.known.get("label", "")) for tag in text.tags]


def sample(key: str, name: str) -> list[AnnotatedText]:
    return read(key, (STANDARDS / name).read_bytes())


def test_doccanos_own_sample() -> None:
    texts = sample("doccano", "doccano/example.jsonl")
    assert [spans(text) for text in texts] == [
        [("EU", "ORG"), ("German", "MISC")], [("Peter Blackburn", "PERSON")], [("Obama", "PERSON")],
    ]  # fmt: skip
    assert read("doccano", written("doccano", texts)[0]) == texts


def test_stacked_spans_of_parts_of_words_in_webannos_own_sample() -> None:
    [text] = sample("webanno", "webanno/testStackedSubMultiTokenSpanWithFeatureValue.tsv")
    found = spans(text)
    assert len(found) == 18  # the six of no length have no place
    assert {("aaaaaa bbbbbb", "2a"), ("aaa bbbbbb ccc", "9b"), ("bbbb", "5a"), ("b", "3b")} <= set(found)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("testSentenceWithEmoji", ["😊"]),
        ("testSingleNonTokenRelationWithoutFeature", ["This", "."]),
        ("testSingleTokenRelationWithMultipleFeatureValues", []),
        ("testSentenceWithLineBreak", ["This"]),
    ],
)
def test_webannos_own_samples(name: str, words: list[str]) -> None:
    [text] = sample("webanno", f"webanno/{name}.tsv")
    assert [text.text[tag.start : tag.end] for tag in text.tags] == words
    [again] = read("webanno", written("webanno", [text])[0])
    assert (again.text, again.tags) == (text.text, text.tags)


def test_uimas_own_sample_and_what_has_no_place() -> None:
    losses = Losses()
    body = (STANDARDS / "uima/casWithEmojiUnicodeTextAndAnnotations.json").read_bytes()
    [text] = FORMATS["cas"].read(io.BytesIO(body), losses)
    assert text.text.startswith("🥳 This 👳🏻♀️ is")
    assert losses.counts == {"tag": 1}


def test_named_entities_of_any_maker_are_mentions() -> None:
    typesystem = cassis.TypeSystem()
    named = typesystem.create_type("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    typesystem.create_feature(named, "value", "uima.cas.String")
    cas = cassis.Cas(typesystem)
    cas.sofa_string = TEXT
    cas.add(named(begin=5, end=10, value="LOC"))
    [text] = read("cas", cas.to_json().encode())
    assert spans(text) == [("ponte", "LOC")]


@given(annotated_texts())
def test_cassis_reads_the_same_text_and_spans(text: AnnotatedText) -> None:
    body, _losses = written("cas", [text])
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        cas = cassis.load_cas_from_json(packed.read(packed.namelist()[0]).decode())
    assert cas.sofa_string == text.text
    types = {"claim": "Claim", "mention": "Mention", "attribution": "Attribution"}
    for kind, name in types.items():
        tags = sorted((tag.start, tag.end, tag.id) for tag in text.tags if tag.kind == kind)
        assert sorted((fs.begin, fs.end, fs.tag) for fs in cas.select(f"controluce.{name}")) == tags
    [*_] = cas.select(cas_json._NAMED)


@given(corpora)
def test_conllu_is_read_by_its_library_and_says_its_text(corpus: tuple[AnnotatedText, ...]) -> None:
    body, _losses = written("conllu", corpus)
    sentences = conllu.parse(body.decode())
    ids = [sentence.metadata["sent_id"] for sentence in sentences]
    assert len(ids) == len(set(ids))
    for sentence in sentences:
        said = ""
        for token in sentence:
            misc = token["misc"] or {}
            said += token["form"] + ("" if misc.get("SpaceAfter") == "No" else " ")
        assert [token["id"] for token in sentence] == list(range(1, len(sentence) + 1))
        assert sentence.metadata["text"] == said.removesuffix(" ")


def test_conllu_with_words_of_several_words_and_empty_nodes() -> None:
    rows = ["1-2\tdel", "1\tdi", "2\til", "2.1\tvuoto", "3\tponte"]
    body = "".join(f"{row}{chr(9) + '_'}" + "\t_" * 7 + "\n" for row in rows)
    [text] = read("conllu", ("# newdoc id = a\n" + body + "\n").encode())
    assert (text.id, text.text) == ("a", "del ponte")


def test_conll2003_of_the_shared_task_in_either_scheme() -> None:
    words = ["U.N. NNP I-NP I-ORG", "official NN I-NP O", "Ekeus NNP I-NP B-PER", "Rolf NNP I-NP I-PER"]
    body = "\n".join(["-DOCSTART- -X- -X- O", "", *words, "", ""])
    [text] = read("conll2003", (body + body.replace("I-ORG", "B-ORG").replace("\n", "\r\n")).encode())[:1]
    assert [(text.text[tag.start : tag.end], tag.known["entity_kind"]) for tag in text.tags] == [
        ("U.N.", "organisation"), ("Ekeus Rolf", "person"),
    ]  # fmt: skip


def test_brat_with_events_normalisations_and_notes_of_others() -> None:
    body = io.BytesIO()
    lines = [
        "T1\tOrganization 0 4;9 12\tSony BMG", "T2\tMERGE-ORG 13 19\tmerged", "E1\tMERGE-ORG:T2 Org1:T1",
        "N1\tReference T1 Wikidata:Q41187\tSony", "#1\tAnnotatorNotes T1\tvedi", "A1\tNegation E1",
        "*\tEquiv T1 T2",
    ]  # fmt: skip
    with zipfile.ZipFile(body, "w") as writing:
        writing.writestr("a.txt", "Sony and BMG merged")
        writing.writestr("a.ann", "\r\n".join(lines))
    losses = Losses()
    [text] = FORMATS["brat"].read(io.BytesIO(body.getvalue()), losses)
    sony, merged = text.tags
    assert (sony.parts, sony.known) == (
        (Part(0, 4), Part(9, 12)),
        {"label": "Organization", "same_as": "https://www.wikidata.org/wiki/Q41187", "note": "vedi"},
    )
    assert merged.id == "E1"
    assert losses.counts == {"links": 2, "attributes": 1}


@pytest.mark.parametrize(("start", "end"), [(5, 10), (6, 11)], ids=["code points", "UTF-16"])
def test_label_studio_counts_either_way_and_its_words_say_which(start: int, end: int) -> None:
    value = {"start": start, "end": end, "text": "ponte", "labels": ["LOC"]}
    task = {
        "id": 7,
        "data": {"text": TEXT},
        "annotations": [{"result": [{"id": "a", "type": "labels", "value": value}]}],
    }
    [text] = read("label-studio", json.dumps([task]).encode())
    assert (text.id, spans(text)) == ("7", [("ponte", "LOC")])


@given(annotated_texts())
def test_each_region_of_label_studio_quotes_its_words(text: AnnotatedText) -> None:
    body = b"".join(label_studio.write([text], Losses()))
    [task] = json.loads(body)
    for region in task["annotations"][0]["result"]:
        if region["type"] == "labels":
            value = region["value"]
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]


@pytest.mark.parametrize("key", [key for key in BOTH_WAYS if FORMATS[key].ending != ".zip"])
def test_a_byte_order_mark_is_no_text(key: str) -> None:
    text = AnnotatedText("a", "Il ponte", tags=(Tag("1", "mention", (Part(3, 8),)),))
    body, _losses = written(key, [text])
    assert read(key, b"\xef\xbb\xbf" + body) == read(key, body)
