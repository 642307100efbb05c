"""What a model of sentences answers is looked at before it is believed, and kept in half as many bytes."""

from __future__ import annotations

import numpy as np
import pytest

from newsroom.text.embeddings import (
    Embedder,
    UnusableEmbedder,
    directions,
    in_all_wordings,
    likeness,
    nearest,
    packed,
    signature,
    unpacked,
)
from tests.hashed_embedder import Failing, Hashed, Nameless, Short, Unsound

SAID = ["La diga fornisce acqua a cinquanta comuni.", "Cinquanta comuni bevono acqua della diga."]


def test_a_model_is_known_by_its_name_version_and_size() -> None:
    assert signature(Hashed()) == "hashed 1.0/2/256"
    with pytest.raises(UnusableEmbedder):
        signature(Nameless())


def test_every_row_has_the_length_one_and_what_says_nothing_none() -> None:
    rows = directions(Hashed(), [*SAID, ""], "it")
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1, 0], abs=1e-6)


def test_a_sentence_is_as_like_a_claim_as_to_its_wordings_on_average() -> None:
    asked, one, other, together = directions(Hashed(), ["Acqua della diga", *SAID, "\n".join(SAID)], "it")
    both, single = in_all_wordings(Hashed(), [SAID, SAID[:1]], "it")
    assert float(asked @ both) == pytest.approx(float(asked @ (one + other + together)) / 3)
    assert single == pytest.approx(one)
    assert in_all_wordings(Hashed(), [], "it").shape == (0, 256)


@pytest.mark.parametrize("model", [Short(), Unsound(), Failing()], ids=["too few", "no numbers", "fails"])
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
def test_an_answer_that_is_none_is_refused(model: Embedder) -> None:
    with pytest.raises(UnusableEmbedder):
        directions(model, SAID, "it")


def test_kept_it_is_as_like_as_before() -> None:
    one, other, far = directions(Hashed(), [*SAID, "Milano ha speso dodicimila euro."], "it")
    alike = likeness(one, {1: packed(one), 2: packed(other), 3: packed(far)})
    assert alike == pytest.approx({1: 1, 2: float(one @ other), 3: float(one @ far)}, abs=1e-3)
    assert alike[1] > alike[2] > alike[3]


@pytest.mark.parametrize("broken", [b"", b"\0", b"\xff" * 512, b"\0" * 512])
def test_bytes_that_are_no_vector_are_like_nothing(broken: bytes) -> None:
    [one] = directions(Hashed(), SAID[:1], "it")
    assert unpacked([broken], 256).shape == (1, 256)
    assert likeness(one, {1: broken}) == {1: 0}


def test_the_nearest_come_first_and_of_equals_the_first() -> None:
    rows = directions(Hashed(), [*SAID, "Milano ha speso dodicimila euro.", SAID[0]], "it")
    assert nearest(rows[0], rows, 3) == [0, 3, 1]
    assert nearest(rows[0], rows, 9)[-1] == 2
    assert nearest(rows[0], rows[:0], 3) == []


def test_a_vector_takes_two_bytes_a_number() -> None:
    assert len(packed(directions(Hashed(), SAID[:1], "it")[0])) == 512
