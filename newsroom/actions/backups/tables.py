"""Which tables a backup has, and how a row becomes a line and a line a row, the same on both databases.

The tables are found, not listed: those of every model of every app, of the relations between them, and of
the migrations. What is left out stands here with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import orjson
from axes.models import AccessAttempt, AccessAttemptExpiration, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Collate

from newsroom.models import ErasurePass, Presence, SearchDebt, Shown

#: Who was signed out since must not come back signed in; and what is of a moment: who is reading, what is
#: owed to the search within a transaction, the pass of an erasure, who failed to sign in just now; and the
#: tokens of what is shown, none of which is given out twice.
LEFT_OUT: set[type[models.Model]] = {
    Session,
    Presence,
    SearchDebt,
    ErasurePass,
    Shown,
    AccessAttempt,
    AccessAttemptExpiration,
    AccessFailureLog,
    AccessLog,
}
#: What `migrate` writes into a database that is new: it gives way to what the backup has.
WRITTEN_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}

#: Rows that are read or written at a time, for a row may be a whole text.
PORTION = 200

Row = dict[str, Any]


@cache
def tables() -> dict[str, type[models.Model]]:
    """The model of each table, by the table's name, in the order of the names."""
    every = [*apps.get_models(include_auto_created=True), MigrationRecorder.Migration]
    ours = {
        model._meta.db_table: model
        for model in every
        if model._meta.managed and not model._meta.proxy and model not in LEFT_OUT
    }
    return dict(sorted(ours.items()))


@cache
def columns(model: type[models.Model]) -> tuple[models.Field, ...]:
    """What is stored of a row; what the database derives itself is derived again."""
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """Every row as a line of JSON, in the order of the keys: the same rows are the same bytes on both."""
    names = [field.attname for field in columns(model)]
    rows = model._base_manager.order_by(_order(model)).values_list(*names)
    for values in rows.iterator(chunk_size=PORTION):
        yield orjson.dumps(
            dict(zip(names, values, strict=True)),
            default=_plain,
            option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
        )


def write(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Inserts these rows as they are: no default, no moment of today. KeyError: one has another shape."""
    fields = columns(model)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    values = [[_stored(field, row[field.attname]) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)


def files() -> Iterator[str]:
    """The names of the stored files that rows lead to, each once."""
    known: set[str] = set()
    for model in tables().values():
        for field in columns(model):
            if isinstance(field, models.FileField):
                found = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                for name in found.order_by(field.name).iterator():
                    if name and name not in known:
                        known.add(name)
                        yield name


def _order(model: type[models.Model]) -> Any:
    """By the key. PostgreSQL would order words as a language does; here both go by code points."""
    key = model._meta.pk
    if isinstance(key, models.CharField | models.TextField) and connection.vendor == "postgresql":
        return Collate(key.attname, "C")
    return key.attname


def _plain(value: Any) -> str:
    """What JSON has no shape for: a decimal number or a duration, as its field reads it again."""
    return str(value)


def _stored(field: models.Field, value: Any) -> Any:
    return field.get_db_prep_save(field.to_python(value), connection)
