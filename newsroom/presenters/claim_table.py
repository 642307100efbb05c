"""The list of claims as a table: every claim that its filters leave, arranged a portion at a time.

A line says what readers see of the claim: a rating while it holds and judges the content, nobody who may not
be named, the articles that are published. Five queries a portion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from newsroom.models import Appearance, Article, Claim, Evidence, Review
from newsroom.models.searchable import portions
from newsroom.text.spreadsheets import ClaimRow

from .annotated_article import may_be_named
from .ratings import Badge, Ratings, stale

#: Of a claim as many articles, and addresses of evidence: the newest.
MOST = 20


def claim_rows(keys: Sequence[int], *, home: str, at: datetime) -> Iterator[ClaimRow]:
    """The claims with these keys, in this order, with the labels of the active language.

    `home` stands before each path. A claim that is not public any more when its turn comes is left out.
    """
    known = Ratings.load()
    for some in portions(keys):
        yield from _rows(some, known, home=home, at=at)


def _rows(keys: Sequence[int], known: Ratings, *, home: str, at: datetime) -> Iterator[ClaimRow]:
    claims = Claim.objects.public(at=at).select_related("claimant").in_bulk(keys)
    current = known.current_of(claims)
    articles: dict[int, dict[int, Article]] = defaultdict(dict)
    standing = Appearance.objects.public(at=at).filter(claim__in=claims).select_related("annotation__article")
    for appearance in standing.order_by("-annotation__article__published_at", "pk"):
        article = appearance.annotation.article
        articles[appearance.claim_id].setdefault(article.pk, article)
    evidence: dict[int, list[str]] = defaultdict(list)
    for claim, url in (
        Evidence.objects.standing()
        .filter(claim__in=claims)
        .order_by("-pk")
        .values_list("claim", "document__url")
    ):
        evidence[claim].append(url)
    for key in keys:
        if key not in claims:
            continue
        claim = claims[key]
        standing_so = current.get(key)
        badge = known.badge(standing_so)
        review = standing_so if isinstance(standing_so, Review) and not badge.stale else None
        of_content = review is not None and not badge.is_attribution
        shown = list(articles[key].values())[:MOST]
        yield ClaimRow(
            code=claim.code,
            text=claim.text,
            lang=claim.lang,
            claimant=claim.claimant.name if may_be_named(claim.claimant) else "",
            date=claim.date,
            articles=[article.headline for article in shown],
            article_urls=[home + article.get_absolute_url() for article in shown],
            rating=badge.label if of_content else "",
            rated=localdate(review.published_at).isoformat() if review else "",
            status=_status(badge, of_content=of_content),
            summary=review.summary if review else "",
            evidence=len(evidence[key]),
            evidence_urls=list(dict.fromkeys(filter(None, evidence[key])))[:MOST],
            url=home + claim.get_absolute_url(),
        )


def _status(badge: Badge, *, of_content: bool) -> str:
    """How far the claim is checked; of a review of the attribution alone, what it says of that."""
    if badge.stale:
        return stale().label
    return _("Rated") if of_content else badge.label
