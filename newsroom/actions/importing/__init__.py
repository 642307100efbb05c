"""Texts with their tags, brought from elsewhere, become articles with annotations.

storing     the deed
fitting     a text as it may stand here: canonical, its tags at their places
naming      whom and what the tags name: rows that are here, or new ones
"""

from .storing import PORTION, Report, foresee, store

__all__ = ("PORTION", "Report", "foresee", "store")
