"""The whole newsroom, out and in: rows, history, records, files, people. See decisions 90 and 91."""

from .exporting import export
from .restoring import restore

__all__ = ["export", "restore"]
