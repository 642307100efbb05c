"""Names that nobody taught: where they begin and end, and what they are taken for."""

from __future__ import annotations

import pytest

from newsroom.text.mentions.rules import Reason, guesses
from newsroom.text.mentions.words import Word, texts, words_in


def found(text: str, lang: str = "it") -> list[tuple[str, str]]:
    words = words_in(text, lang)
    return [
        (text[words[g.sentence][g.start].start : words[g.sentence][g.end - 1].end], g.kind)
        for g in guesses(texts(words))
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ha parlato il sindaco Mario Rossi.", [("Mario Rossi", "person")]),
        ("Ursula von der Leyen era a Parigi.", [("Ursula von der Leyen", "person"), ("Parigi", "place")]),
        ("Lo dice il Ministero dell’Interno.", [("Ministero dell’Interno", "organisation")]),
        ("È stato visto a Cortazzone.", [("Cortazzone", "place")]),
        ("Per l’Agenzia delle Entrate è tutto a posto.", [("Agenzia delle Entrate", "organisation")]),
        ("La società Acme S.p.A. ha chiuso.", [("Acme S.p.A.", "organisation")]),
        ("Il Presidente Mattarella è a Roma.", [("Mattarella", "person"), ("Roma", "place")]),
        ("Muore Giorgio Faletti.", [("Giorgio Faletti", "person")]),
        ("Lo riferisce la NATO.", [("NATO", "organisation")]),
    ],
    ids=str,
)  # fmt: skip
def test_italian_names(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


def test_english_names() -> None:
    text = "The company Acme Inc. hired John Smith in London, said Smith."
    kinds = [
        ("Acme Inc.", "organisation"), ("John Smith", "person"), ("London", "place"), ("Smith", "person"),
    ]  # fmt: skip
    assert found(text, "en") == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Oggi piove. Domani no. Tuttavia si esce.",
        "Continua la protesta. Lunedì si vota, in Dicembre no.",
        "TUTTO QUESTO È SCRITTO IN GRANDE",
        "قالت وزارة الصحة إن عدد الإصابات ارتفع في بغداد.",
        "",
        "… — «» ( ) 12 3,5 %",
    ],
    ids=["beginnings", "months", "capitals", "arabic", "nothing", "marks"],
)
def test_no_names(text: str) -> None:
    assert found(text) == []


def test_a_short_form_is_what_the_long_one_is_and_says_so() -> None:
    words = words_in("Mario Rossi è qui. La Rossi no.")
    short = guesses(texts(words))[-1]
    assert short.kind == "person"
    assert Reason.SHORT_FORM in short.reasons


def test_words_have_their_places_and_an_elided_article_is_one() -> None:
    text = "  L’Agenzia dell'Eni, G. Verdi e watsonx.ai."
    assert [word.text for word in words_in(text)[0]] == [
        "L’", "Agenzia", "dell'", "Eni", ",", "G.", "Verdi", "e", "watsonx.ai", ".",
    ]  # fmt: skip
    assert all(text[word.start : word.end] == word.text for word in words_in(text)[0])
    assert words_in(text)[0][0] == Word(2, 4, "L’")
