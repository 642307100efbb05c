"""Many rows of one model, written without making an object of each: to make and to compile them takes longer
than to write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models


def insert(
    model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]], **same: Any
) -> None:
    """Each row has the values of these columns: words, numbers, keys of other rows, UUIDs.

    `same` is what all of them have in a column; in every other they have its default. What a save of the
    model would do besides is not done.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    others = [name for name in fields if name not in names and name != "uuid"]
    values = tuple(
        fields[name].get_db_prep_save(same.get(name, fields[name].get_default()), connection)
        for name in others
    )
    prepared = as_kept()
    if "uuid" in names:
        place = names.index("uuid")
        columns = [*names, *others]
        written = ((*row[:place], prepared(row[place]), *row[place + 1 :], *values) for row in rows)
    else:
        columns = ["uuid", *names, *others]
        written = ((prepared(uuid4()), *row, *values) for row in rows)
    quote = connection.ops.quote_name
    listed = ", ".join(quote(fields[name].column) for name in columns)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({listed})"
    with connection.cursor() as cursor:
        cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(columns))})", list(written))


def as_kept() -> Callable[[UUID], Any]:
    """A UUID as the database has it."""
    if connection.features.has_native_uuid_field:
        return lambda uuid: uuid
    return lambda uuid: uuid.hex
