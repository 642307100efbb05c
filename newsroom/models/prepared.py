"""Queries that are asked again and again with other numbers: made into SQL once for each database.

To put a small query together and to compile it takes Django longer than the database needs to answer it.
What is asked at each save is therefore written as any other query, by the QuerySets that know the rules, and
its SQL is kept; only its numbers change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connections, router
from django.db.models import Model, QuerySet

#: Stands for a number while the query is compiled. No key and no place is as large, and all columns hold it.
_FIRST_MARK = 2_000_000_000


class _Statement(NamedTuple):
    sql: str
    #: What each parameter is: the name of a number, or None and the value that never changes.
    params: tuple[tuple[str | None, Any], ...]
    #: Column -> what makes Python's value of it, and the expression that it is of.
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]


class Prepared:
    """`make` makes a query with `values_list`, from whole numbers by name: these and nothing else may change.

    What it makes must not depend on anything but them: neither on the language, nor on the moment.
    """

    def __init__(self, model: type[Model], make: Callable[..., QuerySet], *names: str) -> None:
        self.model = model
        self.make = make
        self.marks = {name: _FIRST_MARK + number for number, name in enumerate(names)}
        self._statements: dict[str, _Statement] = {}

    def rows(self, **numbers: int) -> list[tuple[Any, ...]]:
        """What the query would give now for these numbers: one statement."""
        using = router.db_for_read(self.model)
        connection = connections[using]
        statement = self._statements.get(using)
        if statement is None:
            statement = self._statements[using] = self._compiled(using)
        # Of the type that it had: PostgreSQL is told of how many bytes a number is.
        params = [value if name is None else type(value)(numbers[name]) for name, value in statement.params]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, params)
            found = cursor.fetchall()
        if not statement.converters:
            return [tuple(row) for row in found]
        rows = []
        for given in found:
            row = list(given)
            for column, (converters, expression) in statement.converters.items():
                for convert in converters:
                    row[column] = convert(row[column], expression, connection)
            rows.append(tuple(row))
        return rows

    def _compiled(self, using: str) -> _Statement:
        compiler = self.make(**self.marks).query.get_compiler(using)
        sql, params = compiler.as_sql()
        named = {mark: name for name, mark in self.marks.items()}
        columns = [expression for expression, *_alias in compiler.select[: compiler.col_count]]
        return _Statement(
            sql,
            tuple((named.get(param) if isinstance(param, int) else None, param) for param in params),
            compiler.get_converters(columns),
        )
