"""All public corrections, the newest first: what was wrong, in which text, and the claims that it touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from newsroom.models import Claim, Correction

from .paging import Pages, Turn, turn
from .ratings import Badge, Ratings

ORDER = ("-at", "-pk")
#: Claims that are named with a correction; the page of what changed has them all.
CLAIMS_IN_SHORT = 5


@dataclass(frozen=True, slots=True)
class TouchedLine:
    words: str
    lang: str
    url: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class PublicCorrection:
    correction: Correction
    article_url: str
    before_url: str
    after_url: str
    changes_url: str
    claims: tuple[TouchedLine, ...]
    more_claims: int


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    lines: tuple[PublicCorrection, ...]
    pages: Pages


def corrections_page(given: Mapping[str, str], *, at: datetime, url: str = "") -> CorrectionsPage:
    """`url` is where the other pages are, if not on the list of corrections."""
    rows = Correction.objects.public(at=at).select_related("article", "before", "after")
    rows = rows.defer(*(f"{text}__{field}" for text in ("before", "after") for field in _UNREAD))
    turned: Turn[Correction] = turn(rows, ORDER, after=given.get("after", ""), before=given.get("before", ""))
    claims = _claims(turned.rows, at=at)
    return CorrectionsPage(
        lines=tuple(_line(row, claims[row.pk]) for row in turned.rows),
        pages=turned.pages(url or reverse("reader:corrections"), {}),
    )


_UNREAD = ("html", "text", "blocks")


def _line(correction: Correction, claims: list[TouchedLine]) -> PublicCorrection:
    slug = correction.article.slug
    before, after = correction.before.number, correction.after.number
    return PublicCorrection(
        correction=correction,
        article_url=correction.article.get_absolute_url(),
        before_url=reverse("reader:revision", args=[slug, before]),
        after_url=reverse("reader:revision", args=[slug, after]),
        changes_url=reverse("reader:changes", args=[slug, before, after]),
        claims=tuple(claims[:CLAIMS_IN_SHORT]),
        more_claims=max(0, len(claims) - CLAIMS_IN_SHORT),
    )


def _claims(corrections: tuple[Correction, ...], *, at: datetime) -> dict[int, list[TouchedLine]]:
    """The public claims that each of them touched."""
    touched = Correction.claims.through.objects.filter(correction__in=corrections).order_by("pk")
    pairs = list(touched.values_list("correction", "claim"))
    claims = Claim.objects.public(at=at).in_bulk({claim for _correction, claim in pairs})
    known = Ratings.load()
    current = known.current_of(claims)
    found = defaultdict(list)
    for correction, key in pairs:
        if claim := claims.get(key):
            badge = known.badge(current.get(key))
            found[correction].append(TouchedLine(claim.text, claim.lang, claim.get_absolute_url(), badge))
    return found
