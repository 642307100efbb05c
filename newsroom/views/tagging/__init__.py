"""Tagging: the text, forms of tags beside it, and what a save changed on the page. A table of contents."""

from .adding import tag
from .changing import merge, retag, split, undo, untag
from .pages import find, sentences, tags
from .suggesting import suggestion_accept, suggestion_correct, suggestion_reject, suggestions_accept

__all__ = [
    "find",
    "merge",
    "retag",
    "sentences",
    "split",
    "suggestion_accept",
    "suggestion_correct",
    "suggestion_reject",
    "suggestions_accept",
    "tag",
    "tags",
    "undo",
    "untag",
]
