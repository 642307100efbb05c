"""Erasure: the one way in which words that were public go. A table of contents."""

from .redacting import redact

__all__ = ["redact"]
