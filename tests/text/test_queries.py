"""What is typed into a search field, and what it asks for. No input is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.queries import MOST_WORDS, Query, Term, parse
from newsroom.text.stems import forms
from tests.text.hostile import TEXTS

#: What a query is made of, in any order and number.
TYPED = st.lists(st.sampled_from([*'"“”„«»-−', " ", "\0", "il", "ponte", "GPT-4", "l’acqua", "12.400"])).map(
    "".join
)


def first_forms(terms: tuple[Term, ...]) -> str:
    return " ".join(term.tokens[0] for term in terms)


def gist(query: Query) -> tuple[str, ...]:
    """Words, phrases, excluded words, excluded phrases: each in a line."""
    return (
        first_forms(query.terms),
        " | ".join(" ".join(phrase) for phrase in query.phrases),
        first_forms(query.without),
        " | ".join(" ".join(phrase) for phrase in query.without_phrases),
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ponte aperto", ("ponte aperto", "", "", "")),  # all of the words
        ("  ponte \t aperto\n", ("ponte aperto", "", "", "")),  # whatever blanks part them
        ("ponte Ponte PONTE", ("ponte", "", "", "")),  # each once
        ("l’azienda dell'IA", ("azienda ia", "", "", "")),  # an article says little
        ("il ponte e la strada", ("ponte strada", "", "", "")),  # in no language
        ("the bridge of Rome", ("bridge rome", "", "", "")),
        ("il", ("il", "", "", "")),  # alone it is what is looked for
        ("la the", ("la the", "", "", "")),
        ("franco-tedesco", ("franco tedesco", "", "", "")),  # a hyphen inside excludes nothing
        ("GPT-4", ("==gpt4", "", "", "")),  # it joins what mixes letters and digits
        ("GPT-4-turbo", ("==gpt4 ==4turbo", "", "", "")),
        ("2023-08", ("2023 08", "", "", "")),
        ("10 - 3", ("10 3", "", "", "")),
        ('"ponte aperto"', ("", "ponte aperto", "", "")),  # a phrase, in any quotes
        ("“ponte aperto”", ("", "ponte aperto", "", "")),
        ("„ponte aperto“", ("", "ponte aperto", "", "")),
        ("«ponte aperto»", ("", "ponte aperto", "", "")),
        ('"il ponte"', ("", "il ponte", "", "")),  # with its little words
        ('"dell’IA"', ("", "dell ia", "", "")),
        ('"ponte"', ("ponte", "", "", "")),  # of one word it is that word
        ('ponte "chiuso al traffico" oggi', ("ponte oggi", "chiuso al traffico", "", "")),
        ('detto"ponte aperto"', ("detto", "ponte aperto", "", "")),  # no blank is needed
        ("ponte -chiuso", ("ponte", "", "chiuso", "")),
        ("ponte \u2212chiuso", ("ponte", "", "chiuso", "")),  # with a true minus
        ('ponte -"chiuso al traffico"', ("ponte", "", "", "chiuso al traffico")),
        ("ponte -«chiuso»", ("ponte", "", "chiuso", "")),
        ("ponte -dell’acqua", ("ponte", "", "acqua", "")),  # the word is meant, not its article
        ("ponte -il", ("ponte", "", "il", "")),  # unless it is alone
        ("ponte -franco-tedesco", ("ponte", "", "", "franco tedesco")),  # the whole is meant
        ("ponte - chiuso", ("ponte chiuso", "", "", "")),  # a dash between words is a dash
        ("ponte --chiuso", ("ponte chiuso", "", "", "")),
        ("-chiuso", ("", "", "chiuso", "")),
        ('"', ("", "", "", "")),
        ('ponte "chiuso al', ("ponte chiuso", "", "", "")),  # a quote that is not closed is none
        ('"ponte" "', ("ponte", "", "", "")),
        ('""', ("", "", "", "")),
        ("«»“”-", ("", "", "", "")),
        ("…?! ()", ("", "", "", "")),
        ("\0ponte\0", ("ponte", "", "", "")),
        ("ponte OR strada AND (via)", ("ponte strada via", "", "", "")),  # there are no operators
        ("title:ponte* NEAR", ("title ponte near", "", "", "")),  # none of a database either
        ("'; DROP TABLE x; --", ("drop table x", "", "", "")),
    ],
)
def test_what_a_query_asks_for(typed: str, expected: tuple[str, ...]) -> None:
    assert gist(parse(typed)) == expected


def test_a_word_is_looked_for_in_every_form() -> None:
    assert parse("aziende").terms == (Term(forms("aziende")),)


def test_a_quoted_word_is_looked_for_as_it_is() -> None:
    assert parse('"aziende"').terms == (Term(("aziende",)),)


def test_what_a_hyphen_joins_is_found_without_it() -> None:
    assert parse("GPT-4").terms == (Term(("==gpt4", "gpt4")),)
    assert "==gpt4" in parse("GPT4").terms[0].tokens


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ponte ap", "ap"),
        ("ap", "ap"),
        ("l’az", "az"),  # behind an apostrophe as well
        ("GPT-4", "==gpt4 gpt4"),  # may become GPT-4o
        ("il", "il"),  # may become ilare
        ("ponte il", ""),  # here it says little
        ("ponte a", ""),  # too short to say anything
        ("ponte ", ""),  # nothing is being typed
        ("ponte.", ""),
        ('ponte "aperto"', ""),
        ("ponte -ap", ""),  # what is excluded would flicker
        ("", ""),
    ],
)
def test_while_typing_the_last_word_is_a_beginning(typed: str, expected: str) -> None:
    terms = parse(typed, as_you_type=True).terms
    assert " ".join(beginning for term in terms for beginning in term.beginnings) == expected


def test_the_first_letter_of_a_word_hides_nothing_that_is_found_already() -> None:
    assert parse("ponte c", as_you_type=True) == parse("ponte")
    assert parse("ponte 4", as_you_type=True) == parse("ponte 4")


def test_a_word_that_is_not_being_typed_is_whole() -> None:
    assert not any(term.beginnings for term in parse("ponte ap").terms)


@pytest.mark.parametrize(
    ("typed", "shortened"),
    [
        ("a1 " * MOST_WORDS, False),
        ("a1 " * MOST_WORDS + "…", False),
        ("a1 " * (MOST_WORDS + 1), True),
        (f'"{"a1 " * (MOST_WORDS + 1)}"', True),
        (f'{"a1 " * MOST_WORDS}"due parole"', True),
        ("x" * 10_000, False),
        ("'" * 10_000, False),
        ('"' * 10_001, False),
        ("«" * 10_000, False),
        ("-a " * 10_000, True),
    ],
)
def test_a_query_without_end_is_shortened_and_says_so(typed: str, shortened: bool) -> None:
    assert parse(typed).shortened is shortened


@pytest.mark.parametrize("typed", ["", "…", '"', "-ponte", '-"il ponte"', "\0"])
def test_what_looks_for_nothing_is_false(typed: str) -> None:
    assert not parse(typed)


@pytest.mark.parametrize("typed", ["ponte", '"il ponte"', "il", "ponte -chiuso"])
def test_what_looks_for_something_is_true(typed: str) -> None:
    assert parse(typed)


def test_the_words_of_a_phrase_are_needed() -> None:
    assert first_forms(parse('ponte "chiuso al traffico"').needed) == "ponte chiuso traffico"
    assert first_forms(parse('"to be"').needed) == "to be"


@given(st.one_of(TYPED, TEXTS), st.booleans())
def test_nothing_that_is_typed_is_an_error(typed: str, as_you_type: bool) -> None:
    query = parse(typed, as_you_type=as_you_type)
    tokens = [token for term in (*query.needed, *query.without) for token in (*term.tokens, *term.beginnings)]
    assert all(token and set(token) <= set("abcdefghijklmnopqrstuvwxyz0123456789_=") for token in tokens)
    assert len(query.needed) <= MOST_WORDS
    assert bool(query) == bool(query.needed)


@given(TYPED)
def test_a_query_is_the_same_in_capitals(typed: str) -> None:
    assert parse(typed) == parse(typed.upper())
