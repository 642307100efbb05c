"""The admin: every noun of the house, for those who may. This is the table of contents."""

from . import (
    annotations,
    articles,
    claims,
    comments,
    deeds,
    desk,
    entities,
    evidence,
    newsroom,
    originals,
    people,
    ratings,
    reviews,
    sources,
)

__all__ = [
    "annotations",
    "articles",
    "claims",
    "comments",
    "deeds",
    "desk",
    "entities",
    "evidence",
    "newsroom",
    "originals",
    "people",
    "ratings",
    "reviews",
    "sources",
]
