"""Where a query's words are marked in a text, and which passage is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.hits import PASSAGE, Passage, marked, marks, passage
from newsroom.text.queries import parse
from tests.text.hostile import TEXTS

QUERIES = st.sampled_from(["a", "e", "A1", '"a e"', "è -a", "1 9", "العربية", "ponte"]).map(parse)


def shown(found: Passage) -> str:
    """With [hits] in brackets, and … where words were left out."""
    text = "".join(f"[{run.text}]" if run.marked else run.text for run in found.runs)
    return f"{'…' * found.cut_before}{text}{'…' * found.cut_after}"


@pytest.mark.parametrize(
    ("text", "typed", "lang", "expected"),
    [
        ("Il ponte è aperto.", "ponte", "it", "Il [ponte] è aperto."),
        ("I ponti sono aperti.", "ponte aperto", "it", "I [ponti] sono [aperti]."),  # by their stems
        ("I ponti sono aperti.", "ponte aperto", "", "I ponti sono aperti."),  # where they are known
        ("Bridges were closed.", "bridge", "en", "[Bridges] were closed."),
        ("Bridges were closed.", "bridge", "it", "Bridges were closed."),
        ("Perche\u0301 no", "perché", "it", "[Perche\u0301] no"),  # with all its marks
        ("L’AZIENDA dell’Est", "l'azienda", "it", "L’[AZIENDA] dell’Est"),  # the article says little
        ("Il ponte e il mare", "il ponte", "it", "Il [ponte] e il mare"),
        ("Il ponte e il mare", '"il ponte"', "it", "[Il ponte] e il mare"),  # in a phrase it counts
        ("Il ponte e il mare", '"il mare" ponte', "it", "Il [ponte] e [il mare]"),
        ("Il ponte, il mare", '"ponte il"', "it", "Il [ponte, il] mare"),  # whatever stands between
        ("ponte ponte ponte", '"ponte ponte"', "it", "[ponte ponte ponte]"),
        ("Il ponte", "ponte -mare", "it", "Il [ponte]"),
        ("12.400 euro e 12400", "12,400", "it", "[12.400] euro e [12400]"),
        ("GPT-4 e GPT4, non GPT o 4", "gpt-4", "en", "[GPT-4] e [GPT4], non GPT o 4"),
        ("GPT-4-turbo", "gpt-4-turbo", "en", "[GPT-4-turbo]"),
        ("Il ponte", "mare", "it", "Il ponte"),
        ("", "mare", "it", ""),
        ("La 🌉 del ponte", "ponte", "it", "La 🌉 del [ponte]"),
    ],
)
def test_what_is_marked(text: str, typed: str, lang: str, expected: str) -> None:
    assert shown(marked(text, parse(typed), lang)) == expected


def test_while_typing_the_beginning_marks_the_word() -> None:
    assert shown(marked("Il ponte apre", parse("il pon", as_you_type=True), "it")) == "Il [ponte] apre"


FILLER = "Qui non si dice niente. " * 30


def test_the_passage_has_most_of_the_words() -> None:
    text = f"Il ponte. {FILLER}Il ponte resta chiuso. {FILLER}Chiuso, chiuso, chiuso."
    found = shown(passage(text, parse("ponte chiuso"), "it"))
    assert "[ponte] resta [chiuso]" in found
    assert found.startswith("…") and found.endswith("…")


def test_of_passages_with_as_many_words_it_is_the_first() -> None:
    text = f"Primo ponte. {FILLER}Secondo ponte."
    assert shown(passage(text, parse("ponte"), "it")).startswith("Primo [ponte].")


def test_without_a_hit_it_is_the_beginning() -> None:
    assert shown(passage(FILLER, parse("ponte"), "it")).startswith("Qui non si dice niente.")


def test_a_short_text_is_shown_whole() -> None:
    assert shown(passage("Il ponte è aperto.", parse("ponte"), "it")) == "Il [ponte] è aperto."


def test_a_passage_ends_with_its_line() -> None:
    found = passage("Prima riga.\nIl ponte.\nTerza riga.", parse("ponte"), "it")
    assert shown(found) == "…Il [ponte].…"


def test_a_word_longer_than_the_passage_is_shown_whole() -> None:
    assert shown(passage(f"no {'a' * 300} no", parse("a" * 300), "it", length=20)) == f"…[{'a' * 300}]…"


def test_a_long_text_does_not_take_for_ever() -> None:
    found = passage("ponte mare " * 10_000, parse('ponte mare "ponte mare"'), "it")
    assert len("".join(run.text for run in found.runs)) <= PASSAGE


@given(TEXTS, QUERIES, st.sampled_from(["it", "en", ""]))
def test_marks_are_places_in_their_order(text: str, query, lang: str) -> None:
    found = marks(text, query, lang)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] < other[0] for one, other in zip(found, found[1:], strict=False))


@given(TEXTS, QUERIES)
def test_marked_is_the_text_whole(text: str, query) -> None:
    found = marked(text, query, "it")
    assert "".join(run.text for run in found.runs) == text
    assert [run for run in found.runs if not run.text] == []


@given(st.lists(TEXTS, max_size=12).map(" ".join), QUERIES, st.integers(1, 60))
def test_a_passage_is_a_piece_of_the_text_with_a_hit_if_there_is_one(text: str, query, length: int) -> None:
    found = passage(text, query, "it", length=length)
    piece = "".join(run.text for run in found.runs)
    assert piece in text and "\n" not in piece
    assert found.has_hits == bool(marks(text, query, "it"))
    assert found.cut_before or text.startswith(piece)
    assert found.cut_after or text.endswith(piece)
