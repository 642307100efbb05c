"""The rows of a group as one value: `values("article").annotate(rows=Gathered("pk", "kind"))`.

Each row that Django hands over costs a tuple and a step of four iterators. Where there are hundreds to one
thing, the database makes one text of them in less time, and what reads JSON makes rows of that.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, Func, TextField


class Row(Func):
    """Columns of one row as one word, a JSON array: rows that have the same in them have the same word."""

    def __init__(self, *columns: Any) -> None:
        super().__init__(*columns, output_field=TextField())

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        # With nothing behind it, it is a word, and would be an array within an array otherwise.
        return self.as_sql(compiler, connection, template="JSON_ARRAY(%(expressions)s) || ''", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        return self.as_sql(
            compiler, connection, template="JSON_BUILD_ARRAY(%(expressions)s)::text", **context
        )


class Gathered(Aggregate):
    """A JSON array of arrays, one for each row of the group, in no order: words, whole numbers and null.

    UUIDs and moments come as the database writes them. Fractions are cut to fifteen digits by SQLite: they
    are not for this.
    """

    def __init__(self, *columns: Any) -> None:
        super().__init__(*columns, output_field=TextField())

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        template = "JSON_GROUP_ARRAY(JSON_ARRAY(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        template = "JSON_AGG(JSON_BUILD_ARRAY(%(expressions)s))::text"
        return self.as_sql(compiler, connection, template=template, **context)
