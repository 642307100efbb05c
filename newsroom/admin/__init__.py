"""The admin: every noun of the house, for those who may. This is the table of contents."""

from . import (
    annotations,
    articles,
    claims,
    deeds,
    entities,
    evidence,
    newsroom,
    people,
    ratings,
    reviews,
    sources,
)

__all__ = [
    "annotations",
    "articles",
    "claims",
    "deeds",
    "entities",
    "evidence",
    "newsroom",
    "people",
    "ratings",
    "reviews",
    "sources",
]
