"""Passages that stand twice in a row in one of the texts, and once in the other.

Of A B A and A, either A may be the one that stayed: both readings put in, or take out, one piece. The
alignment takes the one by which the texts part best, but that is a guess. If one became two, the words are
there in any case, and a person is asked which; if of two one went, those that a span stood on may be gone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from newsroom.text.reanchoring.alignment import GONE, Alignment
from newsroom.text.reanchoring.tokens import Tokens

_WEIGHT = 4.5  # of a passage, as of one that moved: a name and an article stand twice in any text


def doubled(old: Tokens, new: Tokens, alignment: Alignment) -> set[int]:
    """The old tokens that could as well have become others."""
    return {i for run in _slides(old, new, alignment.images, alignment.claims) for i in run}


def halved(old: Tokens, new: Tokens, alignment: Alignment) -> set[int]:
    """The old tokens of which others could as well have become what they became."""
    return {alignment.claims[j] for run in _slides(new, old, alignment.claims, alignment.images) for j in run}


def _slides(near: Tokens, far: Tokens, partners: list[int], others: list[int]) -> Iterator[range]:
    """The tokens that each gap of the far text could slide over.

    A gap lies between the partners of two neighbours. It can slide up as long as it ends as the text before
    it does, and down as long as it begins as the text behind it does.
    """
    landed = np.array(partners, dtype=np.int32)
    keys = far.keys
    for behind in (np.flatnonzero((landed[:-1] != GONE) & (landed[1:] > landed[:-1] + 1)) + 1).tolist():
        start, end = partners[behind - 1] + 1, partners[behind]
        if any(other != GONE for other in others[start:end]):
            continue
        up = down = 0
        while up < behind and partners[behind - 1 - up] == start - 1 - up:
            if keys[start - 1 - up] != keys[end - 1 - up]:
                break
            up += 1
        while behind + down < len(partners) and partners[behind + down] == end + down:
            if keys[end + down] != keys[start + down]:
                break
            down += 1
        if near.weights[behind - up : behind + down].sum() >= _WEIGHT:
            yield range(behind - up, behind + down)
