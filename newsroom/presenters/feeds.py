"""What is new, for those who follow the newsroom by a feed: articles, ratings, corrections, searches.

Each feed says what a page says: of an article that is not shown in full the tagged words and their sentence,
of people those who may be named. A rating is told while it holds; of one that is to be checked again, or was
withdrawn, it is told that, and not which it was. Few queries, as many for a long page as for a short one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import F, Max, Min
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsroom.models import (
    Appearance,
    Article,
    Assignment,
    Claim,
    Correction,
    Rectification,
    Review,
    Revision,
    Source,
    Target,
)
from newsroom.models.review import ReviewQuerySet
from newsroom.text.news import Channel, Item, Topic, Words
from newsroom.text.paragraphs import paragraphs
from newsroom.text.sentences import sentence_around

from . import ratings
from .annotated_article import may_be_named
from .claim_list import listed_claims
from .corrections import PublicCorrection, corrections_page
from .paging import Turn, address_with, turn
from .ratings import Ratings
from .search import found_keys

#: Articles on a page of their feed; their text may come with them.
ARTICLES = 20
#: Quotations that stand for an article that is not shown in full.
QUOTATIONS = 10
#: Ratings that ceased to hold, whenever they were published: the first page has the newest of them.
CEASED = 30
#: Of what a search finds, the newest.
FOUND = 30
#: What a search finds that has moments: the rest is no news.
SEARCHED = ("articles", "claims")


def feed_url(name: str, query: Mapping[str, str] | None = None) -> str:
    """The address of a feed, with its labels in the active language."""
    language = "" if get_language() == settings.LANGUAGE_CODE else f"-{get_language()}"
    return address_with(reverse(f"data:feed-{name}{language}"), query or {})


# -- articles ----------------------------------------------------------------------------------------------


def articles_channel(given: Mapping[str, str], *, at: datetime) -> Channel:
    rows = Article.objects.published(at=at)
    turned = _turned(rows, ("-published_at", "-pk"), given, ARTICLES)
    items = _article_items(turned.rows)
    return _channel("articles", _("Articles"), reverse("reader:front"), given, turned, items)


def _article_items(articles: Iterable[Article]) -> tuple[Item, ...]:
    """Five queries at most."""
    articles = list(articles)
    corrected = dict(
        Correction.objects.filter(article__in=articles).order_by().values_list("article").annotate(Max("at"))
    )
    rectified = _rectified(articles)
    in_full = [article.pk for article in articles if article.shows_in_full(demo=settings.DEMO)]
    html = dict(Revision.objects.filter(current_of__in=in_full).values_list("current_of", "html"))
    quotations = _quotations([article for article in articles if article.pk not in in_full])
    return tuple(
        Item(
            name=f"articles/{article.uuid}",
            path=article.get_absolute_url(),
            title=Words(article.headline, article.lang),
            published=article.published_at,
            # A minor edit is none that who has read it has to know of.
            updated=max(
                article.published_at,
                corrected.get(article.pk, article.published_at),
                *(row.at for row in rectified[article.pk]),
            ),
            author=article.byline or article.publisher,
            summary=Words(article.standfirst, article.lang) if article.standfirst else None,
            before=tuple(words for row in rectified[article.pk] for words in _rectification(row)),
            said=tuple(quotations[article.pk]),
            html=html.get(article.pk, ""),
            lang=article.lang,
            original=article.original_url,
        )
        for article in articles
    )


def _rectified(articles: list[Article]) -> Mapping[int, list[Rectification]]:
    """What those who are named answer, by article, the newest first."""
    found: dict[int, list[Rectification]] = defaultdict(list)
    rows = Rectification.objects.standing().filter(flag__article__in=articles).select_related("flag")
    for row in rows.order_by("-at", "-pk"):
        found[row.flag.article_id].append(row)
    return found


def _rectification(row: Rectification) -> Iterator[Words]:
    yield Words(_("Rectification by %(name)s") % {"name": row.name}, get_language() or row.lang)
    for start, end in paragraphs(row.words):
        yield Words(row.words[start:end], row.lang, quoted=True)


def _quotations(articles: list[Article]) -> Mapping[int, list[Words]]:
    """The first claims of each article, with the sentence they stand in."""
    found: dict[int, list[Words]] = defaultdict(list)
    if not articles:
        return found
    langs = {article.current_revision_id: article.lang for article in articles}
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    standing = Target.objects.placed().filter(
        revision__in=langs,
        role=Target.Role.CONTENT,
        ordinal=0,
        annotation__state="accepted",
        annotation__appearance__claim__withdrawn_at=None,
        annotation__kind="claim",
    )
    for revision, start, end in standing.order_by("revision", "start").values_list(
        "revision", "start", "end"
    ):
        if len(places[revision]) < QUOTATIONS:
            places[revision].append((start, end))
    texts = Revision.objects.filter(pk__in=places).values_list("pk", "article", "text")
    for revision, article, text in texts:
        sentences = dict.fromkeys(sentence_around(text, *place) for place in places[revision])
        found[article] = [Words(text[first:last], langs[revision], quoted=True) for first, last in sentences]
    return found


# -- ratings -----------------------------------------------------------------------------------------------


def reviews_channel(given: Mapping[str, str], *, at: datetime) -> Channel:
    """Ratings as they were published; on the first page also those that ceased to hold lately."""
    rows = told_reviews(at=at)
    turned = _turned(rows, ("-published_at", "-pk"), given)
    reviews = {review.pk: review for review in turned.rows}
    if not turned.before:
        ceased = rows.filter(state__in=(Review.State.STALE, Review.State.WITHDRAWN))
        newest = ceased.order_by(Coalesce("withdrawn_at", "stale_at").desc(), "-pk")[:CEASED]
        reviews |= {review.pk: review for review in newest}
    known = Ratings.load()
    items = [review_item(review, known) for review in reviews.values()]
    items.sort(key=lambda item: item.updated, reverse=True)
    return _channel("reviews", _("Ratings"), reverse("reader:claims"), given, turned, items)


def told_reviews(*, at: datetime) -> ReviewQuerySet:
    """Of public claims: what holds, and what did until it was withdrawn or is looked at again."""
    told = (Review.State.PUBLISHED, Review.State.STALE, Review.State.WITHDRAWN)
    rows = Review.objects.met(at=at).filter(state__in=told, published_at__isnull=False)
    return rows.select_related("claim__claimant")


def review_item(review: Review, known: Ratings) -> Item:
    claim = review.claim
    return Item(
        name=f"reviews/{review.uuid}",
        path=claim.get_absolute_url(),
        title=_title(claim, review, known),
        published=review.published_at,
        updated=changed_at(review),
        said=tuple(_said(claim, review, known, claim.claimant)),
        topics=_topics(review, known),
        related=((review.get_absolute_url(), _("This version of the rating")),),
    )


def changed_at(review: Review) -> datetime:
    if review.state == Review.State.WITHDRAWN:
        return review.withdrawn_at or review.published_at
    if review.state == Review.State.STALE:
        return review.stale_at or review.published_at
    return review.published_at


def _title(claim: Claim, review: Review | None, known: Ratings) -> Words:
    if review is None:
        return Words(claim.text, claim.lang)
    return Words(f"{_label(review, known)}: «{claim.text}»", get_language() or claim.lang)


def _label(review: Review, known: Ratings) -> str:
    if review.state == Review.State.WITHDRAWN:
        return _("Rating withdrawn")
    if review.state == Review.State.STALE:
        return ratings.stale().label
    return known.badge(review).label


def _topics(review: Review | None, known: Ratings) -> tuple[Topic, ...]:
    """What a program may sort by: ratings that hold, and nothing else."""
    if review is None or review.state != Review.State.PUBLISHED:
        return ()
    badge = known.badge(review)
    return (Topic(badge.anchor, badge.label),)


def _said(
    claim: Claim, standing: Review | Assignment | None, known: Ratings, claimant: Source | None
) -> Iterator[Words]:
    here = get_language() or claim.lang
    yield Words(claim.text, claim.lang, quoted=True)
    if claimant is not None and may_be_named(claimant):
        yield Words(f"{_('Claimed by')}: {claimant.name}", here)
    if claim.is_subjective:
        yield Words(str(claim.get_kind_display()), here)
    if not isinstance(standing, Review):
        yield Words(known.badge(standing).label, here)
        return
    review = standing
    yield Words(_label(review, known), here)
    if review.state == Review.State.WITHDRAWN:
        yield Words(review.withdrawal_reason, review.lang)
    elif review.state == Review.State.STALE:
        yield Words(ratings.stale().meaning, here)
    else:
        yield Words(review.summary, review.lang)
        if review.judges == Review.Judges.ATTRIBUTION:
            yield Words(_("The content is not assessed."), here)
        if review.facts_judged:
            yield Words(review.facts_judged, review.lang)


# -- claims, and what a search finds -----------------------------------------------------------------------


def claims_channel(given: Mapping[str, str], *, at: datetime) -> Channel:
    """The list of claims with the same filter, in the same order."""
    listed = listed_claims(given, feed_url("claims"), at=at)
    page = {name: given[name] for name in ("after", "before", "page") if given.get(name)}
    return Channel(
        name=feed_url("claims", listed.query).lstrip("/"),
        title=_("Claims"),
        page_url=address_with(reverse("reader:claims"), listed.query),
        self_url=feed_url("claims", {**listed.query, **page}),
        first_url=feed_url("claims", listed.query),
        items=_claim_items(listed.rows, at=at),
        previous_url=listed.pages.previous_url,
        next_url=listed.pages.next_url,
    )


def _claim_items(claims: Iterable[Claim], *, at: datetime) -> tuple[Item, ...]:
    """Six queries."""
    claims = list(claims)
    keys = [claim.pk for claim in claims]
    known = Ratings.load()
    standing = known.current_of(keys)
    current = {key: row for key, row in standing.items() if isinstance(row, Review)}
    gone = dict(
        Review.objects.gone()
        .filter(claim__in=keys)
        .order_by()
        .values_list("claim")
        .annotate(Max("withdrawn_at"))
    )
    places = Appearance.objects.public(at=at).filter(claim__in=keys).order_by()
    met = dict(
        places.values_list("claim").annotate(
            met=Min(Greatest(F("annotation__at"), F("annotation__article__published_at")))
        )
    )
    claimants = Source.objects.in_bulk({claim.claimant_id for claim in claims if claim.claimant_id})
    return tuple(
        Item(
            name=f"claims/{claim.uuid}",
            path=claim.get_absolute_url(),
            title=_title(claim, current.get(claim.pk), known),
            published=met[claim.pk],
            updated=max(
                met[claim.pk],
                gone.get(claim.pk) or met[claim.pk],
                changed_at(current[claim.pk]) if claim.pk in current else met[claim.pk],
            ),
            said=tuple(_said(claim, standing.get(claim.pk), known, claimants.get(claim.claimant_id))),
            topics=_topics(current.get(claim.pk), known),
        )
        for claim in claims
    )


def search_channel(given: Mapping[str, str], *, at: datetime) -> Channel:
    """Articles and claims that the words find, the newest first. `kind` is "" or one of `SEARCHED`."""
    kind = given.get("kind", "")
    typed, keys = found_keys(
        given.get("q", ""), kinds=(kind,) if kind else SEARCHED, at=at, demo=settings.DEMO
    )
    articles = Article.objects.filter(pk__in=keys.get("articles", ())).order_by("-published_at", "-pk")
    items = [*_article_items(articles[:FOUND])]
    claims = Claim.objects.in_bulk(keys.get("claims", ())) if keys.get("claims") else {}
    items += _claim_items(claims.values(), at=at) if claims else ()
    items.sort(key=lambda item: item.updated, reverse=True)
    query = {"q": typed, "kind": kind}
    url = feed_url("search", query)
    return Channel(
        name=url.lstrip("/"),
        title=_("Search: %(words)s") % {"words": typed},
        page_url=address_with(reverse("reader:search"), query),
        self_url=url,
        first_url=url,
        items=tuple(items[:FOUND]),
    )


# -- corrections -------------------------------------------------------------------------------------------


def corrections_channel(given: Mapping[str, str], *, at: datetime) -> Channel:
    page = corrections_page(given, at=at, url=feed_url("corrections"))
    items = [correction_item(line) for line in page.lines]
    items += [rectification_item(row.rectification, row.title, row.url) for row in page.rectifications]
    items.sort(key=lambda item: item.updated, reverse=True)
    url = feed_url("corrections")
    there = {name: given[name] for name in ("after", "before") if given.get(name)}
    return Channel(
        name=url.lstrip("/"),
        title=_("Corrections"),
        page_url=reverse("reader:corrections"),
        self_url=feed_url("corrections", there),
        first_url=url,
        items=tuple(items),
        previous_url=page.pages.previous_url,
        next_url=page.pages.next_url,
    )


def correction_item(line: PublicCorrection) -> Item:
    correction = line.correction
    headline = correction.article.headline
    return Item(
        name=f"corrections/{correction.uuid}",
        path=line.changes_url,
        title=Words(
            _("Correction: %(headline)s") % {"headline": headline}, get_language() or correction.article.lang
        ),
        published=correction.at,
        updated=correction.at,
        said=(Words(correction.note, correction.lang),),
        related=((line.article_url, headline),) + tuple((claim.url, claim.words) for claim in line.claims),
    )


def rectification_item(row: Rectification, title: str, url: str) -> Item:
    """`title` and `url` are of the place before the text that it is about."""
    return Item(
        name=f"rectifications/{row.uuid}",
        path=url,
        title=Words(_("Rectification: %(headline)s") % {"headline": title}, get_language() or row.lang),
        published=row.at,
        updated=row.at,
        author=row.name,
        said=tuple(_rectification(row)),
    )


# -- what feeds share --------------------------------------------------------------------------------------


def _turned(rows, order: tuple[str, ...], given: Mapping[str, str], size: int = 30) -> Turn:
    return turn(rows, order, after=given.get("after", ""), before=given.get("before", ""), size=size)


def _channel(
    name: str, title: str, page_url: str, given: Mapping[str, str], turned: Turn, items: Iterable[Item]
) -> Channel:
    url = feed_url(name)
    pages = turned.pages(url, {})
    there = {key: given[key] for key in ("after", "before") if given.get(key)}
    return Channel(
        name=url.lstrip("/"),
        title=title,
        page_url=page_url,
        self_url=feed_url(name, there),
        first_url=url,
        items=tuple(items),
        previous_url=pages.previous_url,
        next_url=pages.next_url,
    )
