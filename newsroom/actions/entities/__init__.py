"""Entities: added and taught their names, made one and parted again, protected. A table of contents."""

from .adding import add, identify, remember
from .merging import merge, unmerge
from .protecting import protect, unprotect
from .splitting import split

__all__ = ["add", "identify", "merge", "protect", "remember", "split", "unmerge", "unprotect"]
