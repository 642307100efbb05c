"""Tagging: the text, forms of tags beside it, and what a save changed on the page. A table of contents."""

from .adding import tag
from .changing import merge, retag, split, undo, untag
from .pages import find, sentences, tags

__all__ = ["find", "merge", "retag", "sentences", "split", "tag", "tags", "undo", "untag"]
