"""A small model is trained, kept, read; and a file that is not one is refused before the library sees it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.outside.crfsuite import trained
from newsroom.text.mentions.model import (
    ALGORITHM,
    SETTINGS,
    Model,
    Tagged,
    UnusableModel,
    examples,
    learned,
    packed,
    spans,
)
from newsroom.text.mentions.tagging import exactness, read_by, read_by_rules, tagged

NAMES = {"Velmo": "organisation", "Tarsia": "place", "Oriana": "person", "Brenta": "place", "Zolfo": "person"}
FRAMES = (
    "ieri {} ha parlato ai suoi",
    "si dice che {} sia vicino",
    "davanti a {} c'era la folla",
    "nel cuore di {} si balla",
)


def article(frame: str) -> list[Tagged]:
    text = []
    for name, kind in NAMES.items():
        words = frame.format(name).split()
        text.append((words, [f"B-{kind}" if word == name else "O" for word in words]))
    return text


@cache
def a_file() -> bytes:
    articles = [article(frame) for frame in FRAMES]
    known = learned(articles)
    return packed(trained(examples(articles, known), ALGORITHM, SETTINGS), known)


def test_what_was_taught_is_found_again_in_other_words() -> None:
    model = Model.from_bytes(a_file())
    assert model.kinds == {"organisation", "place", "person"}
    names = model.read([["poi", "Velmo", "ha", "chiuso", "."], [], ["sotto", "Tarsia", "."]])
    assert [[(name.start, name.end, name.kind) for name in sentence] for sentence in names] == [
        [(1, 2, "organisation")],
        [],
        [(1, 2, "place")],
    ]
    assert all(0 <= name.confidence <= 1 for sentence in names for name in sentence)


@given(st.lists(st.lists(st.text(min_size=1, max_size=8), max_size=8), max_size=5))
def test_any_words_are_read_and_names_stay_inside_and_apart(text: list[list[str]]) -> None:
    read = Model.from_bytes(a_file()).read(text)
    assert len(read) == len(text)
    for sentence, names in zip(text, read, strict=True):
        edges = [edge for name in names for edge in (name.start, name.end)]
        assert edges == sorted(edges) and all(0 <= edge <= len(sentence) for edge in edges)


@pytest.mark.parametrize(
    "file",
    [
        lambda: b"",
        lambda: b"lCRF" + bytes(200),
        lambda: a_file()[:-1],
        lambda: a_file()[:60],
        lambda: a_file()[:-9] + bytes([a_file()[-9] ^ 255]) + a_file()[-8:],
        lambda: a_file().replace(b"names 1 ", b"names 99 ", 1),
        lambda: sealed(b"\0" * 100),
        lambda: sealed(b"\xff" * 100),
        lambda: sealed(b""),
        lambda: sealed(remembering(b"lCRF" + bytes(100))),
        lambda: sealed(remembering(b"")),
    ],
    ids=[
        *("empty", "bare-weights", "cut", "head-only", "altered", "version", "zeros", "ones", "nothing"),
        *("other-weights", "no-weights"),
    ],
)
def test_a_poisoned_file_is_refused_with_one_error(
    file: Callable[[], bytes],
) -> None:
    with pytest.raises(UnusableModel):
        Model.from_bytes(file())


def sealed(content: bytes) -> bytes:
    """Something that is no model, behind a head that is right."""
    return f"controluce names 1 {hashlib.sha256(content).hexdigest()}\n".encode() + content


def remembering(weights: bytes) -> bytes:
    known = zlib.compress(b'{"lexicon": {}, "common": []}')
    return len(known).to_bytes(8, "big") + known + weights


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(file: bytes) -> None:
    with pytest.raises(UnusableModel):
        Model.from_bytes(file)


def test_a_tag_that_continues_nothing_begins_a_name() -> None:
    tags = ["I-place", "O", "B-person", "I-person", "B-person", "I-place"]
    assert list(spans(tags)) == [(0, 1, "place"), (2, 4, "person"), (4, 5, "person"), (5, 6, "place")]


def test_tags_of_the_desk_become_words_with_tags() -> None:
    text = "L’Azure-Databricks di Mario Rossi. Rossi-Doria tace."
    names = [(2, 18, "software"), (2, 7, "software"), (22, 33, "person"), (35, 40, "person")]
    (first, first_tags), (second, second_tags) = tagged(text, names)
    assert list(zip(first, first_tags, strict=True)) == [
        ("L’", "O"), ("Azure-Databricks", "B-software"), ("di", "O"),
        ("Mario", "B-person"), ("Rossi", "I-person"), (".", "O"),
    ]  # fmt: skip
    assert (second[0], second_tags[0]) == ("Rossi-Doria", "B-person")


def test_two_names_side_by_side_stay_two() -> None:
    ((_, tags),) = tagged("Roma Milano", [(0, 4, "place"), (5, 11, "place")])
    assert tags == ["B-place", "B-place"]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-2, 70), st.integers(-2, 70)), max_size=6))
def test_any_tags_of_any_text_become_as_many_tags_as_there_are_words(
    text: str, places: list[tuple[int, int]]
) -> None:
    for words, tags in tagged(text, [(start, end, "place") for start, end in places]):
        assert len(words) == len(tags)


def test_exactness_counts_what_is_there_found_and_right() -> None:
    held = [[(["Ieri", "Velmo", "e", "Anna", "Neri"], ["O", "B-organisation", "O", "B-person", "I-person"])]]
    found = exactness(held, lambda text: [[(1, 2, "organisation"), (3, 4, "person"), (0, 1, "place")]])
    assert (found.there, found.found, found.right) == (2, 3, 1)
    assert (found.precision, found.recall, found.f1) == (1 / 3, 1 / 2, 2 / 5)
    assert exactness([], read_by_rules).f1 == 0
    model = Model.from_bytes(a_file())
    learned_from = [article(frame) for frame in FRAMES]
    assert exactness(learned_from, read_by(model)).f1 > exactness(learned_from, read_by_rules).f1
