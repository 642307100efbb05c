"""The admin: every noun of the house, for those who may. This is the table of contents."""

from . import (
    annotations,
    articles,
    assignments,
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
    requests,
    reviews,
    sources,
)

__all__ = [
    "annotations",
    "articles",
    "assignments",
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
    "requests",
    "reviews",
    "sources",
]
