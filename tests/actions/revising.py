"""Articles revised in tests: some words replaced, everything else as it is."""

from __future__ import annotations

from typing import Any

from newsroom.actions import articles
from newsroom.models import Annotation, Article, Revision, Target, User
from tests.making import LATER


def revise(article: Article, *changes: tuple[str, str], by: User, **given: Any) -> Revision:
    """The current text with some words replaced."""
    article.refresh_from_db()
    html = article.current_revision.html
    for old, new in changes:
        html = html.replace(old, new)
    fields = {"kind": "correction", "note": "Il costo.", "based_on": article.current_revision.number}
    return articles.revise(article, **({"html": html, "by": by, "at": LATER} | fields | given))


def target_in(revision: Revision, annotation: Annotation) -> Target:
    return annotation.targets.get(revision=revision)
