"""What is too much to be tried each time: a seeded sample in `make test`, all of it in `make test-long`.

One switch for both this and Hypothesis: its profile. A sample is the same in each worker and on each day, so
that what failed fails again; `SAMPLE_SEED=7 make test` looks at another. The head of a run says which it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from random import Random
from typing import TypeVar

import hypothesis

Thing = TypeVar("Thing")

SEED = int(os.environ.get("SAMPLE_SEED") or 0)


def all_of_it() -> bool:
    """Whether the long tests are asked for: `--hypothesis-profile long`."""
    return hypothesis.settings.default.max_examples > 100


def sampled(things: Iterable[Thing], number: int, of: object = "") -> list[Thing]:
    """That many of them, in their order; all of them in the long tests.

    `of` is what they are of, so that different persons and places look at different ones.
    """
    things = list(things)
    if all_of_it() or len(things) <= number:
        return things
    return [things[index] for index in sorted(Random(f"{SEED} {of}").sample(range(len(things)), number))]
