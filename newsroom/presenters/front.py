"""The front page: the newest article with its register, the latest reviews, corrections, more articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from newsroom.models import Article, Claim, Correction, Review

from . import register
from .ratings import Badge, Ratings

LATEST_REVIEWS, LATEST_CORRECTIONS, MORE_ARTICLES = 6, 4, 20


@dataclass(frozen=True, slots=True)
class ArticleLine:
    article: Article
    url: str
    counts: tuple[register.Count, ...]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    badge: Badge
    kind_label: str
    words: str
    lang: str
    url: str
    summary: str
    summary_lang: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class FrontPage:
    lead: ArticleLine | None
    articles: tuple[ArticleLine, ...]
    reviews: tuple[ReviewLine, ...]
    corrections: tuple[Correction, ...]


def front_page(*, at: datetime) -> FrontPage:
    known = Ratings.load()
    articles = list(Article.objects.published(at=at).newest_first()[: MORE_ARTICLES + 1])
    numbers = register.of_articles(articles, known)
    lines = [_article_line(article, numbers.get(article.pk, Counter()), known) for article in articles]
    reviews = (
        Review.objects.current()
        .filter(Exists(Claim.objects.public(at=at).filter(pk=OuterRef("claim"))))
        .select_related("claim", "level")
        .order_by("-published_at", "-pk")[:LATEST_REVIEWS]
    )
    return FrontPage(
        lead=lines[0] if lines else None,
        articles=tuple(lines[1:]),
        reviews=tuple(review_line(review, known) for review in reviews),
        corrections=tuple(
            Correction.objects.public(at=at)
            .select_related("article")
            .order_by("-at", "-pk")[:LATEST_CORRECTIONS]
        ),
    )


def _article_line(article: Article, numbers: Counter[str], known: Ratings) -> ArticleLine:
    url = article.get_absolute_url()
    return ArticleLine(
        article,
        url,
        register.counts(numbers, register.every_badge(known), url=lambda key: f"{url}?rating={key}"),
    )


def review_line(review: Review, known: Ratings) -> ReviewLine:
    claim = review.claim
    return ReviewLine(
        badge=known.badge(review),
        kind_label=claim.get_kind_display() if claim.is_subjective else "",
        words=claim.text,
        lang=claim.lang,
        url=claim.get_absolute_url(),
        summary=review.summary,
        summary_lang=review.lang,
        published_at=review.published_at,
    )
