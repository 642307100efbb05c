"""Lists of the admin over a newsroom of many years: nothing is counted to the end, nothing is looked through.

Django counts all rows of a list, twice, and searches by looking into each. Here a list ends after so many
rows, and words are found by the index of the search (`models/searchable.py`): those of the row itself, or of
what it hangs on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .watching import Watched

#: Rows that a list has, at most.
MOST = 2000
#: What the words of a search find of each kind, at most; and rows that hang on it.
HITS, ROWS = 100, 200
#: Of what is asked where no index helps; and rows that are read before all others are.
WORDS, READ = 8, 10_000


def leading(rows: QuerySet, way: str, keys: Collection[int]) -> QuerySet:
    """Those of these rows from which a way leads to one of the keys.

    What hangs on a row (its mentions, its appearance) is asked by itself, and its index answers: joined, each
    of the thousands of rows that a frequent name is on would be read, to sort them. Of what lies between, the
    newest count.
    """
    model, before, after = rows.model, list[str](), way.split("__")
    while after:
        field = model._meta.get_field(after.pop(0))
        if field.auto_created:
            hanging = field.related_model._default_manager.filter(Q(("__".join([*after, "pk__among"]), keys)))
            of_these = hanging.order_by().values(field.remote_field.name)
            if before and not rows.query.where:
                # Of all rows: else PostgreSQL goes back through them until it has met so many of these.
                of_these = of_these.distinct().order_by(f"-{field.remote_field.name}")[:ROWS]
            return rows.filter(Q(("__".join([*before, "pk__in"]), of_these)))
        model, before = field.related_model, [*before, field.name]
    return rows.filter(Q((f"{way}__pk__among", keys)))


class Bounded(Paginator):
    """As many pages as hold `MOST` rows."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        # The keys alone: what is worked out for each row is for those that are shown.
        return rows.order_by().values("pk")[:MOST].count() if isinstance(rows, QuerySet) else len(rows)


class Listed(Watched):
    """A list that stays quick. Where nothing is named here, a search is Django's: for short tables.

    `found_by` has the ways to what is searched, "" for the row itself, and the model at their end.
    `read_through` has the ways to words that no index knows: the newest rows that have all of them are found.
    The words are of the row itself, or of the rows that `read_along` leads to.
    """

    paginator = Bounded
    show_full_result_count = False
    list_per_page = 50
    found_by: dict[str, type[Model]] = {}
    read_through: tuple[str, ...] = ()
    read_along = ""

    def __init_subclass__(cls) -> None:
        """To Django, whether there is a field to search in is whether there are fields."""
        super().__init_subclass__()
        if cls.found_by or cls.read_through:
            cls.search_fields = (*cls.found_by, *cls.read_through)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        if not (self.found_by or self.read_through):
            return super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__among=set(self._found(queryset, search_term))), False

    def _found(self, rows: QuerySet, words: str) -> Iterator[Any]:
        """The keys of these rows that the words find, or the newest of those that hang on what they find."""
        for way, model in self.found_by.items():
            if not way:
                yield from rows.search(words, as_you_type=True).first_keys(HITS)
                continue
            keys = model._default_manager.search(words, as_you_type=True).first_keys(HITS)
            yield from leading(rows, way, keys).order_by("-pk").values_list("pk", flat=True)[:ROWS]
        if self.read_through:
            yield from self._read(rows, words)

    def _read(self, rows: QuerySet, words: str) -> Iterator[Any]:
        """The newest of these rows with all the words, which are read: the newest of all first.

        That of those there are enough the database cannot know, and it would read everything.
        """
        said = Q()
        for word in words.split()[:WORDS]:
            said &= Q(*(Q((f"{way}__icontains", word)) for way in self.read_through), _connector=Q.OR)
        key, read = "pk", rows
        if self.read_along:
            key = f"{self.read_along}__pk"
            read = self.opts.get_field(self.read_along).related_model._default_manager.all()
        newest = read.aggregate(newest=Max("pk"))["newest"] or 0
        last = newest - READ
        parts = [Q((f"{key}__gt", last)), Q((f"{key}__lte", last))] if last > 0 else [Q()]
        found = 0
        for part in parts:
            if found < ROWS:
                keys = list(rows.filter(part & said).order_by("-pk").values_list("pk", flat=True)[:ROWS])
                found += len(keys)
                yield from keys

    @property
    def search_help_text(self) -> str:
        return str(_("A list ends after %(most)s rows: filter it, or search.")) % {"most": MOST}
