"""Names in a text: known by their aliases, by what they are short for, or by nothing but their looks."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.folding import fold
from newsroom.text.mentions import (
    BY_ALIAS,
    BY_RULES,
    BY_SHORT_FORM,
    Aliases,
    Choice,
    Named,
    Proposal,
    Reason,
    context_words,
    propose,
)

SEED = Path(__file__).resolve().parent.parent.parent / "fixtures" / "source"
KINDS = {
    "Organization": "organisation",
    "Person": "person",
    "SoftwareApplication": "software",
    "Product": "product",
    "Concept": "concept",
}
AZURE = Named("azure", "software", ("Azure",))
DATABRICKS = Named("company", "organisation", ("Databricks",)), Named("software", "software", ("Databricks",))


def found(text: str, *names: Named) -> list[str]:
    return [text[hit.start : hit.end] for hit in Aliases(names).find(text)]


def known(text: str, *names: Named) -> list[Proposal]:
    return [one for one in propose(text, aliases=Aliases(names)) if one.entities]


def keys(text: str, *names: Named) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.entities[0].key) for one in known(text, *names)]


# Where an alias stands


def test_the_longest_alias_counts_and_none_inside_of_it() -> None:
    names = AZURE, Named("both", "software", ("Azure Databricks",)), DATABRICKS[0]
    assert found("Azure Databricks su Azure, di Databricks", *names) == [
        "Azure Databricks", "Azure", "Databricks",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("alias", "text", "said"),
    [
        ("Azure Databricks", "il servizio Azure-Databricks.", "Azure-Databricks"),
        ("MPT-30B", "con MPT 30B si fa", "MPT 30B"),
        ("Agenzia", "lo dice l’Agenzia", "Agenzia"),
        ("Eni", "il cane a sei zampe dell'Eni", "Eni"),
        ("L'Aquila", "torna a L’Aquila", "L’Aquila"),
        ("Perù", "in Peru' no, in Peru sì", "Peru"),
        ("Beyoncé", "canta Beyonce", "Beyonce"),
        ("Sam Altman", "parla SAM\u00a0 ALTMAN", "SAM\u00a0 ALTMAN"),
        ("open source", "Open source per tutti", "Open source"),
        ("watsonx.ai", "in watsonx.ai.", "watsonx.ai"),
        ("OpenAI", "dice openai", "openai"),
        ("NATO", "dalla Nato ai", "Nato"),
        ("Cafe\u0301", "al Café, poi", "Café"),
        ("Café", "al Cafe\u0301, poi", "Cafe\u0301"),
        ("@OpenAI", "scrive @OpenAI che", "@OpenAI"),
    ],
    ids=lambda value: ascii(value),
)  # fmt: skip
def test_case_accents_blanks_hyphens_and_apostrophes_are_no_difference(
    alias: str, text: str, said: str
) -> None:
    assert found(text, Named("1", "organisation", (alias,)))[:1] == [said]


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("Eni", "Venire, Enigma, Benin, Eni_1"),
        ("Meta", "la meta del viaggio"),
        ("API", "le api volano; Api operaie"),
        ("AI", "Ai lettori"),
        ("NATO", "Nato a Roma"),
        ("Potere al Popolo", "Potere al popolo, dicono"),
        ("Microsoft", "su https://www.microsoft.com/Microsoft e a info@microsoft.com"),
        ("Rossi Bianchi", "il Rossi\nBianchi"),
        ("…", "eh… già"),
    ],
    ids=ascii,
)
def test_words_that_only_look_like_a_name_are_none(alias: str, text: str) -> None:
    assert found(text, Named("1", "organisation", (alias,))) == []


def test_a_concept_is_one_in_small_letters_too() -> None:
    assert found("la privacy", Named("1", "concept", ("Privacy",))) == ["privacy"]


def test_a_newsroom_without_names_finds_none() -> None:
    assert Aliases([]).find("Mario Rossi") == []


# Whom it stands for


def test_a_name_of_two_proposes_both_likeliest_first_with_the_words_that_speak_for_each() -> None:
    one, two = known("Usano il software Databricks.\nDatabricks ha acquisito una startup.", *DATABRICKS)
    assert [choice.key for choice in one.entities] == ["software", "company"]
    assert [choice.key for choice in two.entities] == ["company", "software"]
    near = next(why for why in two.entities[0].reasons if why.reason == Reason.NEAR)
    assert "acquisito" in near.words
    assert sum(choice.weight for choice in one.entities) == pytest.approx(1, abs=0.01)
    assert two.kind == "organisation"


def test_of_two_persons_the_words_of_earlier_mentions_decide() -> None:
    seen = "Il gol di Paolo Neri nel derby.", "Un altro gol di Paolo Neri nel campionato."
    context: Counter[str] = Counter()
    for text in seen:
        start = text.index("Paolo")
        context.update(context_words(text, start, start + 10))
    assert context["gol"] == 2 and "di" not in context
    striker = Named("striker", "person", ("Paolo Neri",), context, 2)
    judge = Named("judge", "person", ("Paolo Neri",), {"sentenza": 3, "tribunale": 2}, 3)
    (one,) = known("Con un gol Paolo Neri decide il derby", striker, judge)
    (two,) = known("La sentenza di Paolo Neri in tribunale", striker, judge)
    assert (one.entities[0].key, two.entities[0].key) == ("striker", "judge")
    assert any(why.reason == Reason.CONTEXT and "gol" in why.words for why in one.entities[0].reasons)


def test_where_nothing_speaks_for_either_the_one_meant_more_often_is_first() -> None:
    often, seldom = (
        Named(key, "person", ("Paolo Neri",), times=times) for key, times in (("often", 30), ("seldom", 1))
    )
    (one,) = known("Ecco Paolo Neri.", seldom, often)
    assert one.entities[0].key == "often"
    assert one.confidence < 0.9


def test_a_word_that_the_text_also_has_in_small_letters_is_less_sure() -> None:
    meta = Named("meta", "organisation", ("Meta",))
    (sure,) = known("Ha scelto Meta.", meta)
    (less,) = known("Ha scelto Meta, la meta di tutti.", meta)
    assert less.confidence < sure.confidence
    assert Reason.WORD_TOO in {why.reason for why in less.reasons}


# The same again in fewer letters


ROSSI = Named("rossi", "person", ("Mario Rossi",))


def test_a_surname_goes_back_to_the_whole_name_before_it() -> None:
    text = "Mario Rossi tace. Per Rossi è presto, dice l’avvocato di Rossi."
    assert keys(text, ROSSI) == [("Mario Rossi", "rossi"), ("Rossi", "rossi"), ("Rossi", "rossi")]
    short = known(text, ROSSI)[1]
    assert (short.generator, short.follows) == (BY_SHORT_FORM, (0, 11))


@pytest.mark.parametrize(
    "text",
    [
        "Rossi tace. Poi Mario Rossi.",
        "Mario Rossi e Anna Rossi.",
        "Mario Rossi, Rossini, i rossi, Rossi-Doria.",
    ],
    ids=["before", "another", "longer"],
)
def test_what_only_ends_like_a_name_does_not_go_back_to_it(text: str) -> None:
    assert keys(text, ROSSI) == [("Mario Rossi", "rossi")]


def test_an_acronym_in_brackets_stands_for_the_name_before_it() -> None:
    agency = Named("agency", "organisation", ("Agenzia delle Entrate",))
    text = "L’Agenzia delle Entrate (AdE) tace. Così l’AdE. Il Comune (TO) no: TO."
    assert keys(text, agency) == [("Agenzia delle Entrate", "agency"), ("AdE", "agency"), ("AdE", "agency")]


def test_a_paraphrase_is_known_only_if_it_was_taught() -> None:
    text = "Parla il colosso di Redmond."
    assert keys(text, Named("ms", "organisation", ("Microsoft",))) == []
    taught = Named("ms", "organisation", ("Microsoft", "colosso di Redmond"))
    assert keys(text, taught) == [("colosso di Redmond", "ms")]


# What nobody knows


def test_an_unknown_name_is_a_candidate_with_a_kind_and_reasons_and_no_entity() -> None:
    (one,) = propose("Lo ha detto il sindaco Elvio Tranquilli.")
    assert (one.start, one.end, one.kind, one.generator) == (23, 39, "person", BY_RULES)
    assert one.entities == () and one.reasons and 0 < one.confidence < 1


def test_a_known_name_inside_of_a_longer_unknown_one_is_less_sure_and_says_so() -> None:
    milan = Named("milan", "place", ("Milano",))
    (one,) = known("La Banca Popolare di Milano chiude.", milan)
    assert one.confidence < known("Vive a Milano.", milan)[0].confidence
    assert Reason.LONGER_NAME in {why.reason for why in one.reasons}


def test_a_script_that_rules_cannot_read_has_known_names_only() -> None:
    text = "قالت وزارة الصحة في بغداد إن OpenAI لم ترد."
    assert propose(text) == []
    ministry = Named("ministry", "organisation", ("وزارة الصحة",))
    assert keys(text, ministry) == [("وزارة الصحة", "ministry")]


# The seed article


def test_the_seed_article_against_its_dossier() -> None:
    text = (SEED / "article.txt").read_text(encoding="utf-8")
    entities = json.loads((SEED / "dossier.json").read_text(encoding="utf-8"))["entities"]
    names = [Named(one["id"], KINDS[one["kind"]], tuple(one["aliases"])) for one in entities]
    meant = {(at["start"], at["end"]): one["id"] for one in entities for at in one["mentions"]}
    proposals = [one for one in propose(text, aliases=Aliases(names)) if one.generator == BY_ALIAS]
    assert len(meant) == 103
    assert {(one.start, one.end): one.entities[0].key for one in proposals} == meant
    both = [one.entities for one in proposals if text[one.start : one.end] == "Databricks"]
    assert [len(choices) for choices in both] == [2, 2, 2]


# Always

NAMES = st.sampled_from(
    [
        *("Mario Rossi", "Rossi", "Meta", "Azure", "Azure Databricks", "l’Aquila"),
        *("È", "Straße", "AGI", "open source", "Gros"),
    ]
)  # fmt: skip
PIECES = st.one_of(
    NAMES,
    st.sampled_from([" ", "\n", "-", "’", "'", ". ", ", ", "_", "(", ")", "«", "\u00a0", "\u0301", "\xad"]),
    st.text(max_size=4),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join)
SOME = Aliases(
    [
        ROSSI, AZURE, *DATABRICKS,
        Named("ad", "software", ("Azure Databricks",)), Named("m", "organisation", ("Meta",)),
        Named("aq", "place", ("L'Aquila", "Aquila")), Named("s", "place", ("Straße", "È", "Gros")),
        Named("c", "concept", ("open source", "AGI")),
    ]
)  # fmt: skip


@given(TEXTS)
def test_proposals_are_in_order_apart_inside_and_at_the_edges_of_words(text: str) -> None:
    reached = 0
    for one in propose(text, aliases=SOME):
        assert reached <= one.start < one.end <= len(text)
        reached = one.end
        for edge in (one.start, one.end):
            assert not (text[edge - 1 : edge].isalnum() and text[edge : edge + 1].isalnum())
        assert unicodedata.category(text[one.end : one.end + 1] or " ")[0] != "M"
        assert 0 <= one.confidence <= 1
        weights: list[Choice] = list(one.entities)
        assert weights == sorted(weights, key=lambda choice: -choice.weight)


@given(TEXTS)
def test_every_alias_that_is_found_reads_like_one_when_it_is_folded(text: str) -> None:
    folded = {fold(alias).replace("-", " ") for names in SOME_NAMES for alias in names}
    for hit in SOME.find(text):
        assert fold(text[hit.start : hit.end]).replace("-", " ") in folded


SOME_NAMES = [
    ("Mario Rossi", "Azure", "Databricks", "Azure Databricks", "Meta", "L'Aquila", "Aquila"),
    ("Straße", "È", "Gros", "open source", "AGI"),
]


@given(NAMES, st.sampled_from(["NFC", "NFD"]))
def test_the_unicode_form_of_text_and_alias_is_no_difference(name: str, form: str) -> None:
    written = unicodedata.normalize(form, name)
    assert found(f"({written})", Named("1", "place", (name,))) == [written]


@pytest.mark.parametrize(
    "piece",
    [
        "Mario Rossi ha detto a Rossi. ",
        "Aa ",
        "«A ",
        "A",
        "l'A",
        "e\u0301",
        "Ente Bo (EB) EB ",
        "A.",
        "\n",
        "A-",
    ],
    ids=ascii,
)
def test_a_hundred_thousand_characters_take_a_few_seconds_whatever_they_are(piece: str) -> None:
    begun = process_time()
    propose((piece * 100_000)[:100_000], aliases=SOME)
    assert process_time() - begun < 10
