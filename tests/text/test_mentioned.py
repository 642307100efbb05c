"""Names of colleagues in running text: who is called, and who is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.mentioned import mentioned

NAMES = ["anna", "anna.", "Bruno", "bruno", "d.rossi", "élise", "maria-pia"]


def names(text: str, known: list[str] = NAMES) -> list[str]:
    return [found.name for found in mentioned(text, known)]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@anna guarda", ["anna"]),
        ("Guarda (@anna), per favore", ["anna"]),
        ("@anna e @maria-pia, @d.rossi: ci siete?", ["anna", "maria-pia", "d.rossi"]),
        ("@anna @anna", ["anna", "anna"]),
        ("Lo sa @élise!", ["élise"]),
        ("Riga\n@anna", ["anna"]),
        ("l’ha detto @d.rossi.", ["d.rossi"]),
        ("@anna... forse", ["anna."]),
        ("@maria-pia-", ["maria-pia"]),
        ("@ANNA", ["anna"]),
        ("@bruno, non @Bruno", ["bruno", "Bruno"]),
        # Two accounts differ by their case only: neither is meant.
        ("@BRUNO", []),
        ("@annamaria @anna-rosa @anna_b @ann", []),
        ("anna@example.org o https://example.org/@anna", []),
        ("@ anna, @, @@anna, @.", []),
        ("", []),
    ],
)
def test_who_is_called(text: str, called: list[str]) -> None:
    assert names(text) == called


def test_nobody_is_called_where_nobody_is_known() -> None:
    assert names("@anna", []) == []


def test_a_place_is_the_name_with_its_sign() -> None:
    text = "Chiedi a @anna, prima."
    [found] = mentioned(text, ["anna"])
    assert text[found.start : found.end] == "@anna"


def test_a_flood_of_signs_is_read_in_no_time() -> None:
    assert names("@" + "." * 50_000 + " @anna") == ["anna"]
    assert names("@anna" * 20_000) == []


@given(st.text(alphabet="@.+-_/ anNAbé\n", max_size=60))
def test_places_are_in_order_and_apart_and_hold_what_they_say(text: str) -> None:
    found = mentioned(text, NAMES)
    assert all(text[a.start : a.end].casefold() == f"@{a.name}".casefold() for a in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


@given(st.sampled_from(NAMES), st.sampled_from(["", " ", ",", "!", ")", "\n", "’s"]))
def test_a_known_name_is_found_before_what_is_no_part_of_names(name: str, after: str) -> None:
    assert names(f"Ciao @{name}{after}") == [name]
