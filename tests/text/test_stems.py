"""Words, stems and tokens: what a search finds, and what it takes for the same."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.stems import LONGEST, STOP_WORDS, forms, indexed, initial, stem, words
from tests.text.hostile import TEXTS

TOKEN = re.compile(r"(?:[a-z0-9]|_[0-9a-f]{5})+")


def tokens(text: str) -> list[str]:
    return [word.token for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il ponte", "il ponte"),  # case goes
        ("perché è così", "perche e cosi"),  # accents go
        ("PERCHE\u0301", "perche"),  # in whatever way they are written
        ("l'azienda", "l azienda"),  # an elision parts words
        ("dell’azienda", "dell azienda"),  # with the printer's apostrophe too
        ("d'Annunzio", "d annunzio"),
        ("un po' d’acqua", "un po d acqua"),  # an apostrophe at the end of a word is none of it
        ("don't", "don t"),  # English likewise: the text and the query are taken apart alike
        ("franco-tedesco", "franco tedesco"),  # so does a hyphen
        ("e/o", "e o"),
        ("12.400 euro", "12400 euro"),  # thousands, as Italian writes them
        ("12,400 euros", "12400 euros"),  # as English does
        ("12 400", "12 400"),  # a plain blank parts them
        ("12\u00a0400 e 12\u202f400", "12400 e 12400"),  # one that does not break does not
        ("1’234’567,5", "1234567_0002e5"),  # a decimal comma
        ("3,5 e 3.5", "3_0002e5 e 3_0002e5"),  # is a decimal point
        ("2023", "2023"),
        ("1.2345", "1_0002e2345"),  # no thousands: a decimal
        ("2023-08-21", "2023 08 21"),
        ("5G, H2O e COVID19", "5g h2o e covid19"),  # letters and digits stay together
        ("GPT-4", "gpt 4"),  # unless something parts them
        ("85%", "85"),
        ("m² e CO₂", "m2 e co2"),  # small digits are digits
        ("straße", "strasse"),
        ("Łódź, Ørsted, Đoković, Œuvre", "lodz orsted dokovic oeuvre"),  # strokes go like accents
        ("ﬁne", "fine"),  # a ligature is its letters
        ("ＡＢ１", "ab1"),  # wide letters are letters
        ("Москва", "_0043c_0043e_00441_0043a_00432_00430"),  # other scripts are written by their numbers
        ("東京", "_06771_04eac"),
        ("مكتب", "_00645_00643_0062a_00628"),
        ("👍 🏛️ …—", ""),  # no word at all
        ("snake_case", "snake case"),  # an underscore is no letter
        ("a\u00adb", "a b"),  # canonical text has no soft hyphens
        ("\0", ""),
    ],
)
def test_what_is_a_word(text: str, expected: str) -> None:
    assert " ".join(tokens(text)) == expected


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("azienda", "aziende", "it"),  # plurals
        ("governo", "governi", "it"),
        ("economico", "economiche", "it"),  # both genders
        ("notizia", "notizie", "it"),
        ("dichiarato", "dichiarazioni", "it"),  # verb and noun
        ("università", "universita", "it"),  # with and without the accent
        ("company", "companies", "en"),
        ("claim", "claimed", "en"),
        ("universities", "university", "en-GB"),  # of a tag the language counts
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str, lang: str) -> None:
    assert stem(tokens(one)[0], lang) == stem(tokens(other)[0], lang) != ""


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("governo", "governance", "it"),
        ("ponte", "ponteggio", "it"),
        ("university", "universe", "it"),  # English words are no Italian ones
    ],
)
def test_other_words_do_not(one: str, other: str, lang: str) -> None:
    assert stem(one, lang) != stem(other, lang)


@pytest.mark.parametrize(
    ("token", "lang"),
    [
        ("maison", "fr"),  # a language that is not stemmed
        ("maison", ""),  # no language
        ("h2o", "it"),  # what mixes letters and digits is kept whole
        ("12400", "it"),
        ("_0043c", "it"),  # another script
    ],
)
def test_what_has_no_stem(token: str, lang: str) -> None:
    assert stem(token, lang) == ""


def test_a_stem_says_its_language() -> None:
    assert (stem("case", "it"), stem("case", "en")) == ("=itcas", "=encase")


def test_a_word_of_unknown_language_has_all_its_stems() -> None:
    assert forms("aziende") == ("aziende", "=itazi", "=enaziend")
    assert forms("12400") == ("12400",)


def test_what_a_hyphen_joins_is_found_joined() -> None:
    assert "==gpt4" in indexed(("GPT-4 è arrivato", "it")).split()
    assert "==gpt4" in forms("gpt4")


@pytest.mark.parametrize("text", ["franco-tedesco", "2023-08", "GPT 4", "GPT, 4", "GPT--4"])
def test_nothing_else_is_joined(text: str) -> None:
    assert "==" not in indexed((text, "it"))


def test_words_stand_in_their_order_and_stems_behind_them_once() -> None:
    assert indexed(("Il ponte e i ponti", "it")) == " il ponte e i ponti =itpont "


def test_words_that_say_little_have_no_stem_and_are_there() -> None:
    assert indexed(("the of il", "it")) == " the of il "


def test_no_phrase_runs_from_one_text_into_the_next() -> None:
    line = indexed(("Ada Neri", ""), ("Ida Bianchi", ""))
    assert line == " ada neri = ida bianchi "
    assert " neri ida " not in line


@pytest.mark.parametrize("texts", [(), (("", "it"),), (("…", "it"), ("", ""))])
def test_without_words_there_is_nothing_to_index(texts: tuple[tuple[str, str], ...]) -> None:
    assert indexed(*texts) == ""


def test_words_that_say_little_are_tokens() -> None:
    assert all(tokens(word) == [word] for word in STOP_WORDS)


def test_a_word_without_end_is_cut() -> None:
    assert tokens("a" * 10_000) == ["a" * LONGEST]
    assert tokens("м" * 10_000) == ["_0043c" * LONGEST]


# What holds of every text


@given(st.one_of(TEXTS, st.text()))
def test_a_word_stands_where_it_says(text: str) -> None:
    found = list(words(text))
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))


@given(st.one_of(TEXTS, st.text()), st.sampled_from(["it", "en", "fr", ""]))
def test_a_database_sees_tokens_that_no_tokeniser_changes(text: str, lang: str) -> None:
    line = indexed((text, lang))
    assert re.fullmatch(r"[a-z0-9_= ]*", line)
    assert line == "" or (line.startswith(" ") and line.endswith(" "))
    assert all(TOKEN.fullmatch(word.token) for word in words(text))


@given(st.one_of(TEXTS, st.text()))
def test_case_and_composition_make_no_difference(text: str) -> None:
    expected = tokens(text)
    assert tokens(unicodedata.normalize("NFC", text)) == tokens(unicodedata.normalize("NFD", text))
    if text.upper().casefold() == text.casefold():
        assert tokens(text.upper()) == expected


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=20), st.integers(1, 20))
def test_the_beginning_of_a_word_is_the_beginning_of_its_token(word: str, length: int) -> None:
    whole, part = tokens(word), tokens(word[:length])
    if len(whole) == len(part) == 1:
        assert whole[0].startswith(part[0])


@given(st.sampled_from(["it", "en"]), st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1))
def test_a_stem_is_one_token_for_ever(lang: str, word: str) -> None:
    assert stem(word, lang) == stem(word, lang)
    assert re.fullmatch(rf"={lang}[a-z]+", stem(word, lang))


@given(st.sampled_from(["it", "en"]), st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1))
def test_a_stem_begins_as_its_word_does(lang: str, word: str) -> None:
    assert initial(stem(word, lang)) == initial(word) == initial(f"=={word}4") == word[0]
