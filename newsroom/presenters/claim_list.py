"""The list of claims: filtered, the newest first, a page at a time, in few queries whatever their number.

Claims stand in the order of the search, so an index leads to each page. How many wear each rating is said
where that is quickly known, and never where it would be a count by a source or by who is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from newsroom.models import Appearance, Article, Claim, Entity, Source
from newsroom.models.claim import ClaimQuerySet
from newsroom.models.searchable import SearchedQuerySet

from . import register
from .annotated_article import may_be_named, page_of
from .choice import Choice
from .paging import ON_A_PAGE, Pages, Turn, address_with, turn
from .ratings import UNCHECKED, Badge, Ratings

#: So many claims are counted, rating by rating; of more than that no numbers are given.
COUNTED = 500
#: So few claims are looked up one by one.
FEW = 2000
#: So many hits of words can be turned to; who has more of them adds a word.
HITS = 100
#: Characters of a filter that are looked at.
LONGEST = 400

ORDER = ("search_entry__place",)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that was chosen elsewhere, and the list without it."""

    label: str
    words: str
    lang: str
    url: str
    without_url: str


@dataclass(frozen=True, slots=True)
class RatingFilter:
    badge: Badge
    number: int | None
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class ClaimLine:
    words: str
    lang: str
    url: str
    badge: Badge
    kind_label: str
    claimant: str
    claimant_lang: str
    claimant_url: str
    date: str
    article: Article | None


@dataclass(frozen=True, slots=True)
class ClaimListPage:
    url: str
    query: Mapping[str, str]
    lines: tuple[ClaimLine, ...]
    pages: Pages
    ratings: tuple[RatingFilter, ...]
    kinds: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    chosen: tuple[Chosen, ...]
    is_filtered: bool
    announcement: str


@dataclass(frozen=True, slots=True)
class _Filter:
    """What of a query string is understood; the rest filters nothing."""

    rating: str
    kind: str
    lang: str
    since: str
    until: str
    words: str
    article: Article | None
    source: Source | None
    entity: Entity | None

    @classmethod
    def read(cls, given: Mapping[str, str], known: Ratings, *, at: datetime) -> _Filter:
        def one_of(name: str, values: list[str]) -> str:
            return given.get(name, "") if given.get(name, "") in values else ""

        return cls(
            rating=one_of("rating", [badge.key for badge in register.every_badge(known)]),
            kind=one_of("kind", Claim.Kind.values),
            lang=one_of("lang", [code for code, _name in settings.LANGUAGES]),
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
            words=without_controls(given.get("q", ""))[:LONGEST].strip(),
            article=article_named(given.get("article", ""), at=at),
            source=_with_code(Source.objects.public(), given.get("source", "")),
            entity=_with_code(Entity.objects.public(), given.get("entity", "")),
        )

    def query(self) -> dict[str, str]:
        return {
            "q": self.words,
            "rating": self.rating,
            "kind": self.kind,
            "lang": self.lang,
            "since": self.since,
            "until": self.until,
            "article": self.article.slug if self.article else "",
            "source": self.source.code if self.source else "",
            "entity": self.entity.code if self.entity else "",
        }

    def claims(self, *, at: datetime) -> ClaimQuerySet:
        """All that this asks for but the rating and the words."""
        claims = Claim.objects.public(at=at)
        if self.kind:
            of_kind = Claim.objects.filter(kind=self.kind)
            claims = _if_few(claims.filter(kind=self.kind), of_kind.values_list("pk", flat=True))
        if self.lang:
            in_language = Claim.objects.filter(lang=self.lang)
            claims = _if_few(claims.filter(lang=self.lang), in_language.values_list("pk", flat=True))
        if self.since or self.until:
            claims = claims.of_days(
                date.fromisoformat(self.since) if self.since else None,
                date.fromisoformat(self.until) if self.until else None,
            )
        if self.article:
            claims = claims.in_article(self.article, at=at)
        if self.source:
            claims = claims.filter(claimant=self.source)
        if self.entity:
            claims = claims.naming(self.entity.pk, at=at)
        return claims

    @property
    def is_about_somebody(self) -> bool:
        """Counts would be counts by a source, or by who is named: there are none."""
        return bool(self.source or self.entity)


@dataclass(frozen=True, slots=True)
class ListedClaims:
    """A page of the claims that a query string asks for; `query` is what was understood of it."""

    rows: tuple[Claim, ...]
    pages: Pages
    query: Mapping[str, str]


def listed_claims(given: Mapping[str, str], url: str, *, at: datetime) -> ListedClaims:
    """The same as on the page of the list, at the address `url`."""
    known = Ratings.load()
    asked = _Filter.read(given, known, at=at)
    rows, pages = _page(rated(asked.claims(at=at), asked.rating, known), asked, url, given)
    return ListedClaims(rows, pages, {name: value for name, value in asked.query().items() if value})


def all_listed(given: Mapping[str, str], *, at: datetime) -> tuple[list[int], Mapping[str, str]]:
    """The keys of all claims that a query string asks for, in the order of the list, and what was understood.

    Of what words find the first HITS.
    """
    known = Ratings.load()
    asked = _Filter.read(given, known, at=at)
    claims = rated(asked.claims(at=at), asked.rating, known)
    if asked.words:
        keys = claims.search(asked.words).first_keys(HITS)
    else:
        keys = list(claims.newest_first().values_list("pk", flat=True))
    return keys, {name: value for name, value in asked.query().items() if value}


def claim_list(given: Mapping[str, str], *, at: datetime) -> ClaimListPage:
    """Whatever stands in the address; what is not understood filters nothing."""
    known = Ratings.load()
    asked = _Filter.read(given, known, at=at)
    url, query = reverse("reader:claims"), asked.query()
    claims = asked.claims(at=at)
    rows, pages = _page(rated(claims, asked.rating, known), asked, url, given)
    lines = tuple(_lines(rows, known, at=at))
    return ClaimListPage(
        url=url,
        query=query,
        lines=lines,
        pages=pages,
        ratings=tuple(_ratings(asked, claims, known, url, query)),
        kinds=choices(Claim.Kind.choices, asked.kind),
        languages=languages(asked.lang),
        chosen=tuple(_chosen(asked, url, query)),
        is_filtered=any(query.values()),
        announcement=said_of(len(lines), more=bool(pages.next_url)),
    )


def _page(
    claims: ClaimQuerySet, asked: _Filter, url: str, given: Mapping[str, str]
) -> tuple[tuple[Claim, ...], Pages]:
    query = asked.query()
    if asked.words:
        return _found(claims.search(asked.words), url, query, given.get("page", ""))
    turned = _turned(claims, given)
    return turned.rows, turned.pages(url, query)


def rated(claims: ClaimQuerySet, key: str, known: Ratings) -> ClaimQuerySet:
    """Of these claims those that are counted under a key of the register; all of them for none."""
    if not key:
        return claims
    found = register.with_key(claims, key, known)
    if key == UNCHECKED:
        return found
    return _if_few(found, register.claims_with_key(key, known))


def _if_few(claims: ClaimQuerySet, keys: QuerySet) -> ClaimQuerySet:
    """The same claims, by their keys if these are few.

    What is frequent is soon met by who walks through the list in its order; for what is rare that would be a
    walk through all, and a database does not know beforehand which of the two it is.
    """
    found = list(keys[: FEW + 1])
    return claims.filter(pk__in=found) if len(found) <= FEW else claims


def _turned(claims: ClaimQuerySet, given: Mapping[str, str]) -> Turn[Claim]:
    return turn(claims.newest_first(), ORDER, after=given.get("after", ""), before=given.get("before", ""))


def _found(
    hits: SearchedQuerySet, url: str, query: Mapping[str, str], number: str
) -> tuple[tuple[Claim, ...], Pages]:
    """What words found, in the order of the search, which no code could go on from."""
    page = Paginator(hits.first_keys(HITS), ON_A_PAGE).get_page(number)
    rows = Claim.objects.in_bulk(page.object_list)
    return tuple(rows[key] for key in page.object_list), numbered(page, url, query)


def numbered(page, url: str, query: Mapping[str, str]) -> Pages:
    return Pages(
        address_with(url, query, page=str(page.previous_page_number())) if page.has_previous() else "",
        address_with(url, query, page=str(page.next_page_number())) if page.has_next() else "",
    )


def _lines(claims: tuple[Claim, ...], known: Ratings, *, at: datetime):
    keys = [claim.pk for claim in claims]
    current = known.current_of(keys)
    claimants = Source.objects.in_bulk({claim.claimant_id for claim in claims if claim.claimant_id})
    newest = (
        Appearance.objects.public(at=at)
        .filter(claim=OuterRef("pk"))
        .order_by("-annotation__article__published_at", "-pk")
        .values("annotation__article")[:1]
    )
    standing = dict(Claim.objects.filter(pk__in=keys).values_list("pk", Subquery(newest)))
    articles = Article.objects.in_bulk(set(standing.values()))
    for claim in claims:
        claimant = claimants.get(claim.claimant_id)
        claimant = claimant if may_be_named(claimant) else None
        yield ClaimLine(
            words=claim.text,
            lang=claim.lang,
            url=claim.get_absolute_url(),
            badge=known.badge(current.get(claim.pk)),
            kind_label=claim.get_kind_display() if claim.is_subjective else "",
            claimant=claimant.name if claimant else "",
            claimant_lang=claimant.lang if claimant else "",
            claimant_url=page_of(claimant),
            date=claim.date_in_words,
            article=articles.get(standing[claim.pk]),
        )


def _ratings(asked: _Filter, claims: ClaimQuerySet, known: Ratings, url: str, query: Mapping[str, str]):
    """The ratings to filter by, with their numbers among the few or without numbers among the many."""
    numbers = None if asked.is_about_somebody else _numbers(asked, claims, known)
    for badge in register.every_badge(known):
        selected = badge.key == asked.rating
        if numbers is None or numbers[badge.key] or selected:
            yield RatingFilter(
                badge=badge,
                number=None if numbers is None else numbers[badge.key],
                url=address_with(url, {**query, "rating": "" if selected else badge.key}),
                selected=selected,
            )


def _numbers(asked: _Filter, claims: ClaimQuerySet, known: Ratings):
    """How many claims have each key; None if they are more than are counted."""
    if asked.words:
        keys, most = claims.search(asked.words).first_keys(HITS + 1), HITS
    else:
        keys, most = list(claims.newest_first().values_list("pk", flat=True)[: COUNTED + 1]), COUNTED
    return register.of_claims(keys, known) if len(keys) <= most else None


def _chosen(asked: _Filter, url: str, query: Mapping[str, str]):
    if asked.article:
        yield chosen_article(asked.article, url, query)
    if asked.source:
        source = asked.source
        without = address_with(url, {**query, "source": ""})
        yield Chosen(_("Claimed by"), source.name, source.lang, source.get_absolute_url(), without)
    if asked.entity:
        entity = asked.entity
        without = address_with(url, {**query, "entity": ""})
        yield Chosen(_("Naming"), entity.name, entity.lang, entity.get_absolute_url(), without)


# What lists share


def article_named(slug: str, *, at: datetime) -> Article | None:
    return Article.objects.published(at=at).filter(slug=slug).first() if slug else None


def chosen_article(article: Article, url: str, query: Mapping[str, str]) -> Chosen:
    without = address_with(url, {**query, "article": ""})
    return Chosen(_("In the article"), article.headline, article.lang, article.get_absolute_url(), without)


def choices(options: list[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, str(label), value == chosen) for value, label in options)


def languages(chosen: str) -> tuple[Choice, ...]:
    """The languages of the site, each in the language of the page."""
    named = [
        (code, get_language_info(code)["name_translated"].capitalize()) for code, _n in settings.LANGUAGES
    ]
    return choices(named, chosen)


def said_of(number: int, *, more: bool) -> str:
    """What a screen reader says when a list has changed."""
    if more:
        return ngettext("%(n)s shown, and there are more.", "%(n)s shown, and there are more.", number) % {
            "n": number
        }
    return ngettext("%(n)s shown.", "%(n)s shown.", number) % {"n": number} if number else _("Nothing found.")


def without_controls(typed: str) -> str:
    """What can be shown of it: a control character is a blank."""
    return "".join(" " if not character.isprintable() else character for character in typed)


def _with_code(rows, code: str):
    return rows.with_code(code).first() if code else None


def _day(typed: str) -> str:
    """A day as a field of a form sends it; "" if it is none."""
    try:
        return date.fromisoformat(typed).isoformat() if _DAY.fullmatch(typed) else ""
    except ValueError:
        return ""
