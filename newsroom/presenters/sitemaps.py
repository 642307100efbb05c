"""Which pages search engines may find: articles, claims, sources, names, and the pages that stand always.

A map holds the rows whose keys stand between two round numbers: so it is read by one bounded query however
many there are, and no row moves to another map. It is short, to be made quickly, and the index asks twice
for each kind, however many maps there are (ADR 113). Who is protected or confidential has no page; an
article that names somebody who is delisted is not listed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import translation

from newsroom.models import Article, Claim, Entity, Mention, Review, Source

#: Keys of one map; each has an address in each language.
ROWS = 500
#: An article is news for so long.
NEWS = timedelta(days=2)
#: Read at once.
PORTION = 500

#: Pages of no row, by the names of their addresses.
STANDING = ("front", "claims", "sources", "entities", "corrections", "checked", "method", "imprint")

Addresses = dict[str, str]


def listed_articles(*, at: datetime) -> QuerySet[Article]:
    delisted = Mention.objects.filter(
        annotation__article=OuterRef("pk"),
        annotation__state="accepted",
        entity__privacy=Entity.Privacy.DELISTED,
    )
    return Article.objects.published(at=at).filter(~Exists(delisted))


def _articles(*, at: datetime) -> QuerySet:
    changed = Greatest(F("published_at"), F("current_revision__at"))
    return listed_articles(at=at).annotate(changed=changed).only("slug")


def _claims(*, at: datetime) -> QuerySet:
    current = Review.objects.current().filter(claim=OuterRef("pk"))
    changed = current.values(changed=Coalesce("stale_at", "published_at"))[:1]
    return Claim.objects.public(at=at).annotate(changed=Subquery(changed)).only("uuid", "text")


def _sources(*, at: datetime) -> QuerySet:
    return Source.objects.met(at=at).only("uuid", "name")


def _entities(*, at: datetime) -> QuerySet:
    return Entity.objects.met(at=at).only("uuid", "name")


#: What there are maps of.
KINDS: dict[str, Callable[..., QuerySet]] = {
    "articles": _articles,
    "claims": _claims,
    "sources": _sources,
    "entities": _entities,
}


def maps(*, at: datetime) -> Iterator[tuple[str, int]]:
    """Kind and number of each map that lists something: two queries for each kind."""
    for kind, rows in KINDS.items():
        listed = rows(at=at).order_by()
        last = listed.model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        yield from ((kind, number) for number in _filled(listed, (last - 1) // ROWS + 1))


def _filled(rows: QuerySet, most: int) -> list[int]:
    """Of the maps up to this number those that list one of these rows: one statement for hundreds of them."""
    within = rows.filter(
        pk__gt=RawSQL("(map.number - 1) * %s", (ROWS,)), pk__lte=RawSQL("map.number * %s", (ROWS,))
    )
    connection = connections[rows.db]
    # A value and no EXISTS, of which PostgreSQL makes a join with all rows that there are.
    first, parameters = within.values("pk")[:1].query.get_compiler(connection=connection).as_sql()
    numbers = (
        "SELECT value AS number FROM json_each(%s)"
        if connection.vendor == "sqlite"
        else "SELECT value::bigint AS number FROM json_array_elements_text(%s::json) AS listed (value)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT map.number FROM ({numbers}) AS map WHERE ({first}) IS NOT NULL ORDER BY map.number",
            (json.dumps(list(range(1, most + 1))), *parameters),
        )
        return [number for (number,) in cursor.fetchall()]


def standing_pages() -> Iterator[tuple[Addresses, datetime | None]]:
    for name in STANDING:
        yield _in_each_language(partial(reverse, f"reader:{name}")), None


def mapped(kind: str, number: int, *, at: datetime) -> Iterator[tuple[Addresses, datetime | None]]:
    """The addresses of each page of a map by language, and when it changed if that is known. One query."""
    rows = KINDS[kind](at=at).filter(pk__gt=(number - 1) * ROWS, pk__lte=number * ROWS).order_by("pk")
    found = rows.iterator(chunk_size=PORTION)
    while some := list(islice(found, PORTION)):
        for row, paths in zip(some, _in_each_language_of(some), strict=True):
            yield paths, getattr(row, "changed", None)


def newest_articles(*, at: datetime, most: int) -> list[Article]:
    """Our own of the last two days."""
    fresh = listed_articles(at=at).filter(published_at__gte=at - NEWS, publisher="")
    return list(fresh.newest_first().only("slug", "lang", "headline", "published_at")[:most])


def address_in(lang: str, row: Article) -> str:
    """The address in the language of the article, if the site speaks it."""
    spoken = lang.partition("-")[0].lower()
    known = dict(settings.LANGUAGES)
    with translation.override(spoken if spoken in known else settings.LANGUAGE_CODE):
        return row.get_absolute_url()


def _in_each_language_of(rows: Sequence[Any]) -> list[Addresses]:
    """One language after the other: to change it for each row takes longer than the addresses."""
    found: list[Addresses] = [{} for _row in rows]
    for lang, _name in settings.LANGUAGES:
        with translation.override(lang):
            for row, paths in zip(rows, found, strict=True):
                paths[lang] = row.get_absolute_url()
    return found


def _in_each_language(address: Callable[[], str]) -> Addresses:
    found = {}
    for lang, _name in settings.LANGUAGES:
        with translation.override(lang):
            found[lang] = address()
    return found
