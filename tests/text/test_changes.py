"""Two texts held against each other: the pieces make both, and what tells a correction is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.changes import Piece, passages, reasons_to_correct, same_words, word_diff

#: Words, blanks, line ends and marks that meet in all ways; few, so that two texts share some.
TEXTS = st.lists(
    st.sampled_from(["il", "ponte", "dieci", "milioni", "Ada", "non", " ", " ", "\n", ".", ",", "’", "🌉"]),
    max_size=40,
).map("".join)


def made_of(pieces: list[Piece], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert made_of(pieces, "same", "removed") == old
    assert made_of(pieces, "same", "added") == new


@given(TEXTS, TEXTS)
def test_no_piece_is_empty_or_beside_its_like(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert all(one != other for one, other in zip(kinds, kinds[1:], strict=False))
    assert ("added", "removed") not in zip(kinds, kinds[1:], strict=False)


@given(TEXTS)
def test_a_text_beside_itself_is_one_piece(text: str) -> None:
    assert word_diff(text, text) == ([Piece("same", text)] if text else [])
    assert reasons_to_correct(text, text) == set()


def test_changed_words_that_only_a_blank_parts_are_one_phrase() -> None:
    assert word_diff("Costa dieci milioni di euro.", "Costa dodici miliardi di euro.") == [
        Piece("same", "Costa "),
        Piece("removed", "dieci milioni"),
        Piece("added", "dodici miliardi"),
        Piece("same", " di euro."),
    ]


def test_a_line_that_came_or_went_is_one_piece() -> None:
    assert word_diff("uno\ndue\ntre", "uno\ntre") == [
        Piece("same", "uno\n"),
        Piece("removed", "due\n"),
        Piece("same", "tre"),
    ]


def test_a_long_text_that_was_written_anew_is_compared_all_the_same() -> None:
    old = "\n".join(f"riga {number} del testo di ieri" for number in range(3000))
    new = "\n".join(f"riga {number} del testo di oggi" for number in range(3000))
    assert made_of(word_diff(old, new), "same", "added") == new


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        ("«dieci» milioni", '"Dieci"\u00a0milioni', True),
        ("l'atto", "l’atto", True),
        ("perché", "perche\u0301", True),
        ("dieci milioni", "dieci miliardi", False),
        ("però", "pero", False),
    ],
)
def test_quotes_blanks_case_and_form_do_not_make_other_words(was: str, now: str, same: bool) -> None:
    assert same_words(was, now) is same


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        ("Costa 12 euro.", "Costa 13 euro.", {"figures"}),
        ("Costa dieci euro.", "Costa cento euro.", {"figures"}),
        ("Costa poco.", "Costa poco: il 3 %.", {"figures"}),
        ("Apre a maggio.", "Apre a giugno.", {"dates"}),
        ("It opens on Monday.", "It opens on Friday.", {"dates"}),
        ("Lo dice Ada Neri.", "Lo dice Ida Neri.", {"names"}),
        ("È aperto.", "Non è aperto.", {"negation"}),
        ("Nobody came.", "Everybody came.", {"negation"}),
        ("You can go.", "You can’t go.", {"negation"}),
        ("Lo dice Ada a maggio.", "Non lo dice Ida a giugno.", {"names", "dates", "negation"}),
        # Nothing that tells:
        ("Il ponte è grande.", "Il ponte è largo.", set()),
        ("Il ponte è aperto.", "La strada è aperta.", set()),
        ("Fine. Il ponte è qui.", "Fine. La strada è qui.", set()),
        ("Uno, due.\nIl 3 maggio.", "Il 3 maggio.\nUno, due.", set()),
        ("“Il ponte” è qui.", "“La strada” è qui.", set()),
    ],
)
def test_what_in_a_change_speaks_for_a_correction(old: str, new: str, reasons: set[str]) -> None:
    assert reasons_to_correct(old, new) == reasons


def test_a_long_text_is_shown_line_by_line_and_lines_without_a_change_together() -> None:
    found = passages("uno\ndue\ntre\nquattro", "uno\ndue\ntre e mezzo\nquattro\ncinque")
    assert [(passage.changed, len(passage.lines)) for passage in found] == [
        (False, 2),
        (True, 1),
        (False, 1),
        (True, 1),
    ]


@given(TEXTS, TEXTS)
def test_the_lines_of_the_passages_hold_every_word_of_both_texts(old: str, new: str) -> None:
    pieces = [piece for passage in passages(old, new) for line in passage.lines for piece in line]
    assert made_of(pieces, "same", "removed") == old.replace("\n", "")
    assert made_of(pieces, "same", "added") == new.replace("\n", "")
    assert all(piece.text for piece in pieces)
