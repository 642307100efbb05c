"""Annotations: tagged, changed, taken back.

A tag is changed by whoever may tag, and every change is kept in its record with what was before, so that
`undo` can give it back. `row_version` is that of the annotation as it was shown: who comes second is told so
by `Overtaken`. `based_on` is the number of the revision that was looked at: `Outdated` if another is current.
"""

from .changing import (
    confirm,
    merge,
    move,
    retag_attribution,
    retag_claim,
    retag_mention,
    split,
    withdraw,
)
from .places import Place
from .tagging import Origin, tag_attribution, tag_claim, tag_mention, tag_mentions
from .undoing import undo

__all__ = [
    "Origin",
    "Place",
    "confirm",
    "merge",
    "move",
    "retag_attribution",
    "retag_claim",
    "retag_mention",
    "split",
    "tag_attribution",
    "tag_claim",
    "tag_mention",
    "tag_mentions",
    "undo",
    "withdraw",
]
