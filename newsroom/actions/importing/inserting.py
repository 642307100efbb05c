"""Many rows of one model, written without making an object of each: to make and to compile them takes longer
than to write them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models

_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
_AT_ONCE = 256


def insert(
    model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]], **same: Any
) -> None:
    """Each row has the values of these columns: words, numbers, keys of other rows, digits of UUIDs.

    `same` is what all of them have in a column; in every other they have its default. What a save of the
    model would do besides is not done.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    others = [name for name in fields if name not in names and name != "uuid"]
    values = tuple(
        fields[name].get_db_prep_save(same.get(name, fields[name].get_default()), connection)
        for name in others
    )
    if "uuid" in names:
        columns = [*names, *others]
        written = [(*row, *values) for row in rows]
    else:
        columns = ["uuid", *names, *others]
        written = [(uuid, *row, *values) for uuid, row in zip(fresh_uuids(), rows, strict=False)]
    quote = connection.ops.quote_name
    listed = ", ".join(quote(fields[name].column) for name in columns)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({listed})"
    with connection.cursor() as cursor:
        cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(columns))})", written)


def fresh_uuids() -> Iterator[str]:
    """The 32 digits of random UUIDs (RFC 9562, version 4), which both databases take for a UUID; no end."""
    while True:
        digits = os.urandom(16 * _AT_ONCE).hex()
        for start in range(0, 32 * _AT_ONCE, 32):
            version, variant = start + 12, start + 16
            yield (
                f"{digits[start:version]}4{digits[version + 1 : variant]}"
                f"{_VARIANT[digits[variant]]}{digits[variant + 1 : start + 32]}"
            )
