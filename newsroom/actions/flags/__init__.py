"""Flags: a reader says something about a passage or a thing, and the desk decides what comes of it.

What a reader does (`receive`, `confirm_address`) asks no permission and stands in the rows themselves, with
its moment, and not in the log: that names who of the desk did what and never forgets, so it holds nothing by
a reader, and nobody fills it from outside (ADR 132). What the desk does is a deed like any other; no record
of it has words of the reader's or of a private answer.
"""

from .deciding import accept, answer, assign, merge, reject, reopen
from .forgetting import forget, forget_letters, take_back
from .letters import Copied, correct_copy, enter
from .receiving import Received, confirm_address, receive
from .rectifying import publish_rectification, withdraw_rectification

__all__ = [
    "Copied",
    "Received",
    "accept",
    "answer",
    "assign",
    "confirm_address",
    "correct_copy",
    "enter",
    "forget",
    "forget_letters",
    "merge",
    "publish_rectification",
    "receive",
    "reject",
    "reopen",
    "take_back",
    "withdraw_rectification",
]
