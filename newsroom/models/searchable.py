"""Search: one QuerySet method, an index beside each kind of row, and what keeps the two in step.

**The index.** Each kind that is searched has a table of entries (`search_entries.py`), one for each row:
three columns of tokens (`text/stems.py`), of which `title` weighs most, then `lead`, then `body`. What the
database makes of them is its own, on SQLite an FTS5 table, on PostgreSQL a tsvector; both know only which
token stands in which column. Phrases are looked for in the columns themselves. So both find the same rows,
in the same order: by weight, then by date, the newest first.

**In step.** Many things write a row: `save()`, `update()`, `bulk_create()`, a fixture, the deletion of an
alias. A list of them would miss one. So the database notices: a trigger on every column that is searched
(`search_triggers.py`) writes a *debt* down, and a debt refers to a row that is never there, by a key that
is checked when the transaction ends. **Who owes cannot commit.** `KeptInStep` and its QuerySet, which all
these models share, pay at once, in the transaction of the write. What bypasses them, such as SQL by hand,
is refused by the database, unless something pays before the end: `pay_debts()`.

**Order.** The key of an entry is its place in the order: the day in the upper bits, the newest first, the
key of the row in the lower ones. A database that walks the entries by key finds the first page of many hits
without sorting them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.lookups import Lookup

from newsroom.text.queries import Phrase, Query, Term, parse

from .identity import Identified, IdentifiedQuerySet

#: Columns of an entry, the weightiest first; and those that are shown of what is not ours to show whole.
COLUMNS = ("title", "lead", "body")
HEAD = ("title", "lead")

#: How many rows are asked for by one statement; how many entries are written at a time, as one may have all
#: the words of a text.
PORTION, ENTRIES = 500, 100
#: How many words are asked for by one statement: SQLite takes no more than 500 parts.
_WORDS = 200
#: The lower bits of a place, which are the row's.
_ROW_BITS = 40
_LAST = (1 << _ROW_BITS) - 1


def newest_first(day: date | None, key: int) -> int:
    """The place of a dated row: the newest first, the undated last, of one day the row that came last."""
    days = date.max.toordinal() - (day.toordinal() if day else 0)
    return days << _ROW_BITS | (_LAST - key)


def row_at(place: int) -> int:
    """The key of the row whose entry has this place."""
    return _LAST - (place & _LAST)


def places_of(day: date) -> tuple[int, int]:
    """The first and the last place that rows of this day may have."""
    return newest_first(day, _LAST), newest_first(day, 0)


def shortest_first(name: str, key: int) -> int:
    """The place of a row that is a name: “Milano” stands before “Comune di Milano”."""
    return len(name) << _ROW_BITS | (_LAST - key)


# Asking


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an entry must have, and must not have, in some of its columns."""

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()
    columns: tuple[str, ...] = COLUMNS

    def for_fts5(self) -> str:
        def any_of(term: Term) -> str:
            return " OR ".join([f'"{t}"' for t in term.tokens] + [f'"{t}"*' for t in term.beginnings])

        said = " AND ".join(f"({any_of(term)})" for term in self.terms)
        if self.without:
            said = f"({said}) NOT ({' OR '.join(map(any_of, self.without))})"
        return said if self.columns == COLUMNS else f"{{{' '.join(self.columns)}}} : ({said})"

    def for_tsquery(self) -> str:
        weight = "A" if self.columns == ("title",) else ""

        def any_of(term: Term) -> str:
            ends = f":{weight}" if weight else ""
            tokens = [f"'{t}'{ends}" for t in term.tokens] + [f"'{t}':*{weight}" for t in term.beginnings]
            return f"({' | '.join(tokens)})"

        return " & ".join([*map(any_of, self.terms), *(f"!{any_of(term)}" for term in self.without)])


class Place(models.BigIntegerField):
    """Where an entry stands in the order; what is asked of an entry is asked of it."""

    def db_type(self, connection):
        """On SQLite an `integer` key is the row’s own address, which the full text index answers with."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


@Place.register_lookup
class Has(Lookup):
    """`place__has=Tokens(…)`, by the index that the database keeps of the columns."""

    lookup_name = "has"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        place, params = self.process_lhs(compiler, connection)
        index = connection.ops.quote_name(f"{self.lhs.target.model._meta.db_table}_index")
        return f"{place} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)", (
            *params,
            self.rhs.for_fts5(),
        )

    def as_postgresql(self, compiler, connection):
        alias = connection.ops.quote_name(self.lhs.alias)
        column = "everything" if self.rhs.columns == COLUMNS else "head"
        return f"{alias}.{column} @@ %s::tsquery", (self.rhs.for_tsquery(),)


def _says(phrase: Phrase, columns: Sequence[str]) -> Q:
    """One of the columns has these words one after the other: blanks stand round each token."""
    said = f" {' '.join(phrase)} "
    return Q(*(Q((f"search_entry__{column}__contains", said)) for column in columns), _connector=Q.OR)


def _found(query: Query, columns: tuple[str, ...]) -> Q:
    """All that the query wants stands in these columns."""
    found = Q(search_entry__place__has=Tokens(query.needed, columns=columns))
    for phrase in query.phrases:
        found &= _says(phrase, columns)
    return found


def _weight(query: Query) -> Case:
    """0 for what is found by its title alone, 1 by title and lead, 2 by the rest."""
    return Case(
        When(_found(query, COLUMNS[:1]), then=Value(0)),
        When(_found(query, HEAD), then=Value(1)),
        default=Value(2),
    )


def _kept_out(query: Query, columns: tuple[str, ...]) -> Q:
    """And nothing that it does not want."""
    kept = Q()
    if query.without:
        kept &= Q(search_entry__place__has=Tokens(query.needed, query.without, columns))
    for phrase in query.without_phrases:
        kept &= ~_says(phrase, columns)
    return kept


# Entries, and what is owed to them


class SearchEntry(models.Model):
    """What one row is found by. Written by `pay_debts()` and the command `rebuild_search` alone, but for the
    vectors of claims, which come later.
    """

    place = Place(primary_key=True)
    title = models.TextField(blank=True)
    lead = models.TextField(blank=True)
    body = models.TextField(blank=True)

    #: How many of the columns are used: with one there is nothing to weigh.
    weights: ClassVar[int] = len(COLUMNS)
    #: The columns that make the entry, by table: of the row itself, and of rows that have a key to it.
    watched: ClassVar[tuple[Watched, ...]]

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return self.title

    @classmethod
    def rows(cls) -> models.QuerySet:
        """The rows with all that `of()` reads."""
        return cls._meta.get_field("row").related_model._base_manager.all()

    @classmethod
    def of(cls, row: Any) -> Self:
        """The entry of a row as it stands, unsaved."""
        raise NotImplementedError

    @classmethod
    def first_with_each(
        cls, terms: Sequence[Term], most: int, *, columns: tuple[str, ...] = COLUMNS
    ) -> list[list[int]]:
        """For each word the keys of the first rows that have it in these columns, public or not, by place.

        One statement for `_WORDS` words, whatever the number of rows: a key stands in the place of its entry,
        so that nothing but the index is read, which on SQLite hands out so many and stops.
        """
        connection = connections[cls._base_manager.db]
        table, on_sqlite = connection.ops.quote_name(cls._meta.db_table), connection.vendor == "sqlite"
        index = connection.ops.quote_name(f"{cls._meta.db_table}_index")
        vector = "everything" if columns == COLUMNS else "head"
        first = (
            f"rowid AS place FROM {index} WHERE {index} MATCH %s ORDER BY rowid LIMIT {most:d}"
            if on_sqlite
            else f"place FROM {table} WHERE {vector} @@ %s::tsquery ORDER BY place LIMIT {most:d}"
        )
        # All keys of a word in one value, as `row_at` makes them: of a frequent word there are thousands.
        key = f"{_LAST:d} - (place & {_LAST:d})"
        keys = f"json_group_array({key})" if on_sqlite else f"json_agg({key})::text"
        found: list[list[int]] = [[] for _term in terms]
        for some in portions(range(len(terms)), _WORDS):
            asked = [Tokens((terms[number],), columns=columns) for number in some]
            parts = (
                f"SELECT {number:d}, {keys} FROM (SELECT {first}) AS first_{number:d}" for number in some
            )
            with connection.cursor() as cursor:
                cursor.execute(
                    " UNION ALL ".join(parts),
                    [tokens.for_fts5() if on_sqlite else tokens.for_tsquery() for tokens in asked],
                )
                for number, listed in cursor.fetchall():
                    found[number] = json.loads(listed or "[]")
        return found

    @classmethod
    def differing(cls, keys: Collection[int]) -> list[int]:
        """Of these rows those whose entry is not what it should be, or is not there."""
        columns = ("place", *COLUMNS)
        stored = cls._base_manager.filter(row__in=keys).values_list("row", *columns)
        written = {row: values for row, *values in stored}
        fresh = map(cls.of, cls.rows().filter(pk__in=keys))
        return [
            entry.row_id
            for entry in fresh
            if written.get(entry.row_id) != [getattr(entry, column) for column in columns]
        ]

    @classmethod
    def write(cls, keys: Collection[int], *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Writes the entries of these rows anew; of a row that is gone there is none to write."""
        for some in portions(sorted(keys), ENTRIES):
            cls._base_manager.using(using).filter(row__in=some).delete()
            rows = cls.rows().using(using).filter(pk__in=some)
            cls._base_manager.using(using).bulk_create(map(cls.of, rows))


@dataclass(frozen=True, slots=True)
class Watched:
    """Columns that make an entry: that of their own row, or of the row that the key `owner` names.

    With `through` it is the row whose key of this name leads here.
    """

    model: str
    columns: tuple[str, ...]
    owner: str = ""
    through: str = ""


class SearchDebt(models.Model):
    """An entry that its row has left behind. Triggers write it, and no transaction ends while it is there.

    That it is there once at most holds up a second transaction that would write the same entry until the
    first has ended: neither misses what the other has written.
    """

    kind = models.CharField(max_length=40)
    key = models.BigIntegerField()
    #: No row has the key 0, which the triggers write: the constraint is broken as long as the debt is there.
    paid = models.ForeignKey("self", models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(name="debt_once", fields=("kind", "key")),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


def entry_of(model: type[models.Model]) -> type[SearchEntry]:
    return model._meta.get_field("search_entry").related_model


def pay_debts(using: str = DEFAULT_DB_ALIAS) -> None:
    """Writes anew what this transaction owes to the search. Others' debts are not seen from here."""
    owed: dict[str, set[int]] = defaultdict(set)
    for kind, key in SearchDebt.objects.using(using).values_list("kind", "key"):
        owed[kind].add(key)
    for kind, keys in sorted(owed.items()):
        entry_of(apps.get_model("newsroom", kind)).write(keys, using=using)
    if owed:
        with connections[using].cursor() as cursor:
            cursor.execute(f"DELETE FROM {SearchDebt._meta.db_table}")


def portions(keys: Sequence[int], size: int = PORTION) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


@contextmanager
def _paying(using: str | None) -> Iterator[None]:
    using = using or DEFAULT_DB_ALIAS
    if connections[using].in_atomic_block:
        # No block of its own: a deletion that is refused must not end the transaction round it.
        yield
        pay_debts(using)
    else:
        with transaction.atomic(using=using):
            yield
            pay_debts(using)


# Rows that pay


class KeptInStepQuerySet(IdentifiedQuerySet):
    def update(self, **values: Any) -> int:
        with _paying(self.db):
            return super().update(**values)

    def bulk_create(self, *args: Any, **options: Any) -> list[Any]:
        with _paying(self.db):
            return super().bulk_create(*args, **options)

    def delete(self) -> tuple[int, dict[str, int]]:
        with _paying(self.db):
            return super().delete()

    update.alters_data = bulk_create.alters_data = delete.alters_data = True
    delete.queryset_only = True


class KeptInStep(Identified):
    """A row whose words are searched, as a row of its own or as a part of another."""

    objects = KeptInStepQuerySet.as_manager()

    class Meta:
        abstract = True
        # Django writes some rows, those of `entity.aliases.add(…)` for one, by the base manager.
        base_manager_name = "objects"

    def _save_table(
        self, raw=False, cls=None, force_insert=False, force_update=False, using=None, update_fields=None
    ):
        """What every save comes to in the end: a fixture is loaded past `save()` and `save_base()`."""
        with _paying(using):
            return super()._save_table(raw, cls, force_insert, force_update, using, update_fields)

    def delete(self, using=None, keep_parents=False):
        with _paying(using or self._state.db):
            return super().delete(using, keep_parents)


class SearchedQuerySet(KeptInStepQuerySet):
    """Rows with an entry of their own."""

    _searched: Query | None = None
    #: The rows that were searched and all that a hit must have; not known of what was filtered since.
    _looked_into: tuple[Self, Q] | None = None

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._searched = self._searched
        return clone

    def search(self, words: str | Query, *, as_you_type: bool = False, wholly: Q | None = None) -> Self:
        """Of these rows those that the words find, in the order of the search; for no words none.

        It adds no visibility of its own: what it finds is as public as the rows that it is asked of. `wholly`
        says which rows may be looked into with all their words; of the others the `body` is not known.
        """
        query = words if isinstance(words, Query) else parse(words, as_you_type=as_you_type)
        if not query:
            return self.none()
        if wholly is None:
            also = _kept_out(query, COLUMNS)
        elif query.without or query.without_phrases:
            head = ~wholly & _found(query, HEAD) & _kept_out(query, HEAD)
            also = head | (wholly & _kept_out(query, COLUMNS))
        else:
            also = _found(query, HEAD) | wholly
        order, rows = ["search_entry__place"], self
        if entry_of(self.model).weights > 1:
            order.insert(0, "search_weight")
            # Before the filter, which makes an inner join of the outer one that a CASE asks for.
            rows = rows.alias(search_weight=_weight(query))
        wanted = _found(query, COLUMNS) & also
        found = rows.filter(wanted).order_by(*order)
        found._searched, found._looked_into = query, (self, wanted)
        return found

    def first_keys(self, most: int) -> list[int]:
        """The keys of the first rows that a search found, in its order; `most` of them at the most.

        To sort by weight a database looks at every hit. Here it is asked weight after weight, and for each it
        walks the entries in their order and stops: what stands everywhere is as quick as what is rare.
        """
        if self._searched is None or entry_of(self.model).weights == 1:
            return list(self.values_list("pk", flat=True)[:most])
        title, head = _found(self._searched, COLUMNS[:1]), _found(self._searched, HEAD)
        weights = (title, head & ~title, ~head)
        keys: list[int] = []
        for weight in weights[: entry_of(self.model).weights]:
            if len(keys) < most:
                rows = self._of_weight(weight).order_by("search_entry__place").values_list("pk", flat=True)
                keys += rows[: most - len(keys)]
        return keys

    def _of_weight(self, weight: Q) -> Self:
        """The hits of a weight: by that first. PostgreSQL asks in this order, and of a row that has another
        weight need not read all the words of its text.
        """
        if self._looked_into is None:
            return self.filter(weight)
        rows, wanted = self._looked_into
        return rows.filter(weight & wanted)
