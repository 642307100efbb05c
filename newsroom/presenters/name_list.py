"""The alphabetical lists of sources and of entities: filtered, a page at a time, in few queries.

Only those that readers meet in what is published. Nothing is counted: no ratings, no claims, no mentions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase

from django.conf import settings
from django.core.paginator import Paginator
from django.urls import reverse

from newsroom.models import Article, Attribution, Claim, Entity, Mention, Source
from newsroom.models.searchable import SearchedQuerySet

from .choice import Choice
from .claim_list import (
    HITS,
    LONGEST,
    Chosen,
    article_named,
    choices,
    chosen_article,
    languages,
    numbered,
    said_of,
    without_controls,
)
from .paging import ON_A_PAGE, Pages, Turn, address_with, turn

ORDER = ("sort_key", "pk")


@dataclass(frozen=True, slots=True)
class NameLine:
    name: str
    lang: str
    url: str
    kind_label: str
    description: str


@dataclass(frozen=True, slots=True)
class Letter:
    letter: str
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class NameListPage:
    url: str
    query: Mapping[str, str]
    lines: tuple[NameLine, ...]
    pages: Pages
    kinds: tuple[Choice, ...]
    languages: tuple[Choice, ...]
    letters: tuple[Letter, ...]
    chosen: tuple[Chosen, ...]
    is_filtered: bool
    announcement: str


def source_list(given: Mapping[str, str], *, at: datetime) -> NameListPage:
    """Those who speak in published articles, or to whom a public claim is ascribed."""
    article = article_named(given.get("article", ""), at=at)
    rows = Source.objects.met(at=at)
    if article:
        speaking = Attribution.objects.public(at=at).filter(annotation__article=article).values("source")
        claiming = Claim.objects.public(at=at).in_article(article, at=at).values("claimant")
        rows = rows.filter(pk__in=speaking) | rows.filter(pk__in=claiming)
    return _list(rows, given, reverse("reader:sources"), Source.Kind.choices, article)


def entity_list(given: Mapping[str, str], *, at: datetime) -> NameListPage:
    """Those whom published articles name. Who is protected is not among them."""
    article = article_named(given.get("article", ""), at=at)
    rows = Entity.objects.met(at=at)
    if article:
        rows = rows.filter(
            pk__in=Mention.objects.public(at=at).filter(annotation__article=article).values("entity")
        )
    return _list(rows, given, reverse("reader:entities"), Entity.Kind.choices, article)


def _list(
    rows: SearchedQuerySet,
    given: Mapping[str, str],
    url: str,
    kinds: list[tuple[str, str]],
    article: Article | None,
) -> NameListPage:
    def one_of(name: str, values: list[str]) -> str:
        return given.get(name, "") if given.get(name, "") in values else ""

    kind = one_of("kind", [value for value, _label in kinds])
    lang = one_of("lang", [code for code, _name in settings.LANGUAGES])
    letter = one_of("letter", list(ascii_lowercase))
    words = without_controls(given.get("q", ""))[:LONGEST].strip()
    query = {"q": words, "kind": kind, "lang": lang, "article": article.slug if article else ""}
    if kind:
        rows = rows.filter(kind=kind)
    if lang:
        rows = rows.filter(lang=lang)
    found: tuple[Source | Entity, ...]
    if words:
        page = Paginator(rows.search(words).first_keys(HITS), ON_A_PAGE).get_page(given.get("page", ""))
        known = rows.model.objects.in_bulk(page.object_list)
        found, pages = tuple(known[key] for key in page.object_list), numbered(page, url, query)
    else:
        if letter:
            rows = rows.filter(sort_key__gte=letter)
        after, before = given.get("after", ""), given.get("before", "")
        turned: Turn[Source | Entity] = turn(rows, ORDER, after=after, before=before)
        found, pages = turned.rows, turned.pages(url, query | {"letter": letter})
    return NameListPage(
        url=url,
        query=query,
        lines=tuple(_line(row) for row in found),
        pages=pages,
        kinds=choices(kinds, kind),
        languages=languages(lang),
        # Among what words found there is no alphabet to turn to.
        letters=() if words else tuple(_letters(url, query, letter)),
        chosen=(chosen_article(article, url, query),) if article else (),
        is_filtered=any(query.values()),
        announcement=said_of(len(found), more=bool(pages.next_url)),
    )


def _line(row: Source | Entity) -> NameLine:
    return NameLine(row.name, row.lang, row.get_absolute_url(), row.get_kind_display(), row.description)


def _letters(url: str, query: Mapping[str, str], chosen: str):
    for letter in ascii_lowercase:
        yield Letter(letter.upper(), address_with(url, {**query, "letter": letter}), letter == chosen)
