from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.quotations import quotations
from tests.text.hostile import TEXTS

MARKED = st.text(st.sampled_from("ab «»“”„‟\"‹›‘’‚'.,\n"), max_size=40)


def quoted(text: str) -> list[str]:
    return [text[mark.start : mark.end] for mark in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ha detto «sì» e “no”.", ["«sì»", "“no”"]),
        ('"Sì", ha detto. "No".', ['"Sì"', '"No"']),
        ("„Ja“, sagte er. „Nein”, sagte sie.", ["„Ja“", "„Nein”"]),
        ("«Ha detto “basta” e “via”», racconta.", ["«Ha detto “basta” e “via”»"]),
        ("«Ha detto «basta»», racconta.", ["«Ha detto «basta»»"]),
        ("‘I can’t go,’ she said.", ["‘I can’t go,’"]),
        ("‘It is our members’ right to strike,’ he said.", ["‘It is our members’ right to strike,’"]),
        ("'Non vado', disse. L'ha detto un po' tardi.", ["'Non vado'"]),
        ("L'Aquila è un po' lontana, l’autunno pure.", []),
        ("The workers' rights and the '90s.", []),
        ("Una » da sola non è «niente e non guasta “questo”.", ["“questo”"]),
        ("5'11\" e 6'2\" di altezza", []),
        ("«Non chiusa\nma «questa» sì", ["«questa»"]),
    ],
)
def test_marks_are_paired(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_a_quotation_that_each_block_opens_again_reaches_to_the_end_of_its_blocks() -> None:
    text = "Disse: «Camminammo.\n«Non c'era acqua.\n«Poi la luce», e tacque."
    marks = quotations(text)
    assert quoted(text) == ["«Camminammo.", "«Non c'era acqua.", "«Poi la luce»"]
    assert [mark.goes_on for mark in marks] == [True, True, False]


@given(st.one_of(MARKED, TEXTS))
def test_quotations_are_apart_in_order_and_within_a_block(text: str) -> None:
    at = 0
    for mark in quotations(text):
        assert at <= mark.start < mark.end <= len(text)
        assert text[mark.start] in "«“„‟\"‹‘‚'"
        assert mark.goes_on or text[mark.end - 1] in "»”“‟\"›’'"
        assert "\n" not in text[mark.start : mark.end]
        at = mark.end


@pytest.mark.parametrize(
    "text", ["«" * 100_000, '"' * 100_000, "“a ‘b " * 15_000 + "’ ” " * 15_000, "'a " * 40_000]
)
def test_a_hundred_thousand_characters_of_marks_are_paired_at_once(text: str) -> None:
    began = process_time()
    quotations(text)
    assert process_time() - began < 2
