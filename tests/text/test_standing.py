"""Whether quoted words stand in a text, and whether a text still says what it said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.addresses import spellings
from newsroom.text.standing import drift, standing

PAGE = (
    "La delibera\nIl consiglio ha approvato la spesa di 10 milioni di euro, «senza oneri aggiuntivi», "
    "con 21 voti. Il ponte sarà aperto a maggio."
)
OTHERS = "Menù\nAccedi\nLe più lette: dieci cose da fare oggi. Meteo. Oggi è martedì."


@pytest.mark.parametrize(
    ("quotation", "answer"),
    [
        ("la spesa di 10 milioni di euro", "exact"),
        ("«la spesa di  10\nmilioni di euro»", "exact"),
        ("la spesa di 10 milioni di euro […] con 21 voti.", "exact"),
        ("Il consiglio … a maggio", "exact"),
        ("“senza oneri aggiuntivi”", "exact"),
        ('la spesa di 10 milioni di euro, "senza oneri aggiuntivi"', "alike"),
        ("IL PONTE SARÀ APERTO", "alike"),
        ("la spesa di 12 milioni di euro", "absent"),
        ("con 21 voti […] la spesa di 10 milioni", "absent"),
        ("spesa di 1", "absent"),
        ("ponte sara aperto", "absent"),
        ("…", "absent"),
        ("", "absent"),
    ],
)
def test_quoted_words_stand_exactly_or_alike_or_not(quotation: str, answer: str) -> None:
    assert standing(quotation, PAGE) == answer


def test_words_may_stand_outside_the_main_text() -> None:
    assert standing("Il ponte", "", PAGE) == "exact"
    assert standing("Il ponte", "", "") == "absent"


@given(st.text(min_size=1), st.text(), st.text())
def test_what_was_cut_from_a_text_stands_in_it(words: str, before: str, after: str) -> None:
    if words.strip(' \t\n«»“”„‟"‹›').replace("…", "").replace(".", "").strip():
        # Whole words: what stands around is parted by a blank.
        assert standing(words, f"{before} {words} {after}") in ("exact", "alike")


def both(text: str) -> tuple[str, str]:
    return text, f"{OTHERS}\n{text}"


def test_another_frame_around_the_same_text_is_no_drift() -> None:
    found = drift(both(PAGE), (f"{PAGE}\nLeggi anche: il tram.", f"Altro menù\n{PAGE}"), ["con 21 voti"])
    assert (found.lost, found.likeness, found.says_something_else) == ((), 1.0, False)


def test_lost_are_quoted_words_that_stood_there_and_do_not_any_more() -> None:
    now = PAGE.replace("10 milioni", "12 milioni")
    quotations = ["la spesa di 10 milioni", "con 21 voti", "mai stato qui"]
    found = drift(both(PAGE), both(now), quotations)
    assert found.lost == ("la spesa di 10 milioni",)
    assert 0.9 < found.likeness < 1


def test_words_that_moved_out_of_the_main_text_are_not_lost() -> None:
    assert drift(both(PAGE), ("Altro.", f"Altro.\n{PAGE}"), ["con 21 voti"]).lost == ()


def test_another_text_says_something_else() -> None:
    assert drift(both(PAGE), both("La pagina richiede di accedere."), []).says_something_else
    assert not drift(("", ""), both(PAGE), []).says_something_else


@pytest.mark.parametrize(
    "other",
    [
        "http://www.Example.org/atti/",
        "https://example.org/atti#pagina-2",
        "https://example.org:443/atti",
        " https://example.org/atti ",
    ],
)
def test_an_address_is_known_however_it_is_written(other: str) -> None:
    assert "https://example.org/atti" in spellings(other)


@pytest.mark.parametrize(
    "other", ["https://example.org/atti?n=1", "https://example.org/Atti", "https://a.example.org/atti"]
)
def test_another_page_is_another_address(other: str) -> None:
    assert "https://example.org/atti" not in spellings(other)


def test_what_is_no_address_of_the_web_is_itself() -> None:
    assert spellings("ftp://example.org/") == {"ftp://example.org/"}
