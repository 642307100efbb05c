"""Texts with their tags, brought from elsewhere, become articles with annotations.

storing     the deed
fitting     a text as it may stand here: canonical, its tags at their places
noting      notes of readers elsewhere, placed on the text
naming      whom and what the tags name: rows that are here, or new ones
"""

from .noting import NotesReport, foresee_notes, note
from .storing import PORTION, Report, foresee, store

__all__ = ("PORTION", "NotesReport", "Report", "foresee", "foresee_notes", "note", "store")
