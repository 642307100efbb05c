"""Reviews: proposed by one person, approved by another, published, gone stale, withdrawn.

The rules of the desk stand in `rules.py` once and every path passes through them. `row_version` is that of
the review as it was shown, or that of the row that is given: who comes second is told so by `Overtaken`.
"""

from .deciding import approve, hold, mark_stale, publish, request_changes, withdraw
from .following import follow_document, follow_ground, follow_words
from .writing import amend, propose

__all__ = [
    "amend",
    "approve",
    "follow_document",
    "follow_ground",
    "follow_words",
    "hold",
    "mark_stale",
    "propose",
    "publish",
    "request_changes",
    "withdraw",
]
