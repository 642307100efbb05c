"""What an archive holds: which models, in which order, and how a row of each is written without its key.

A row names others by what they are known by everywhere: the UUID, the name of a person or a group, the model
and codename of a permission. The models and their columns are found, not listed: a new one is in the archive
without being named, and what is left out stands here with its reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.migrations.loader import MigrationLoader

from newsroom.models import (
    ApiToken,
    Article,
    Capability,
    Delivery,
    ErasurePass,
    FlagAnswer,
    FlagLetter,
    Follow,
    FollowerMail,
    Invitation,
    InvitationMail,
    KeptAnswer,
    PolicyReport,
    Presence,
    ReaderMail,
    ReplyLetter,
    SearchDebt,
    Shown,
    Subscriber,
    TrainedModel,
    User,
)
from newsroom.models.search_entries import ENTRIES

#: Made anew (the search, what the assistant learned), of a moment (who is reading, what browsers
#: reported, what other programs were told), a key of this installation with what it was answered, or what
#: readers and those who were asked wrote to it and were answered. Of a reply the accepted words go along.
LEFT_OUT: set[type[models.Model]] = {
    *ENTRIES,
    SearchDebt,
    ErasurePass,
    PolicyReport,
    Shown,
    Presence,
    ApiToken,
    KeptAnswer,
    TrainedModel,
    Delivery,
    FlagLetter,
    FlagAnswer,
    ReaderMail,
    Capability,
    Invitation,
    InvitationMail,
    ReplyLetter,
    Subscriber,
    Follow,
    FollowerMail,
}
#: A password's hash belongs to the installation where it was chosen.
COLUMNS_LEFT_OUT = {(User, "password")}

#: What a row is known by, where it has no UUID.
_KNOWN_BY = {User: "username", Group: "name"}


class BadRow(ValueError):
    """A value that does not belong into its column; the text says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a model; `to` is the model that it leads to, `loose` that the row there may be gone."""

    field: models.Field
    to: type[models.Model] | None = None
    loose: bool = False
    #: It may lead to a row that comes later.
    ahead: bool = False

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def path(self) -> str:
        """The value by which it is written, as Django asks for it."""
        return f"{self.name}__{known_by(self.to)}" if self.to else self.name


@dataclass(frozen=True, slots=True)
class Kind:
    """A model in the archive. `of` is the model whose earlier states it keeps, if it is a history."""

    model: type[models.Model]
    columns: tuple[Column, ...]
    many: tuple[models.ManyToManyField, ...]
    of: type[models.Model] | None

    @property
    def name(self) -> str:
        return self.model._meta.model_name or ""

    @property
    def is_named(self) -> bool:
        """Whether its rows are known by a name, and may be here before an archive is."""
        return self.model in _KNOWN_BY

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if isinstance(column.field, models.FileField))


def known_by(model: type[models.Model] | None) -> str:
    return _KNOWN_BY.get(model, "uuid") if model else "uuid"


@cache
def kinds() -> tuple[Kind, ...]:
    """All of them, each after those that it leads to."""
    archived = [Group, *(model for model in _ours() if model not in LEFT_OUT)]
    by_label = {model._meta.label: model for model in archived}
    order = TopologicalSorter(
        {
            label: sorted(
                {
                    field.related_model._meta.label
                    for field in _fields(model)
                    if field.is_relation and not _leads_ahead(field)
                }
                | {many.related_model._meta.label for many in model._meta.many_to_many} & by_label.keys()
                | ({_original(model)._meta.label} if _original(model) else set())
            )
            for label, model in sorted(by_label.items())
        }
    )
    return tuple(_kind(by_label[label]) for label in order.static_order())


def schema() -> str:
    """The newest migration of ours: an archive is for the very release that has it."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return max(name for app, name in loader.graph.leaf_nodes("newsroom") if app == "newsroom")


def migrations() -> set[str]:
    """All that this release knows."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {name for app, name in loader.graph.nodes if app == "newsroom"}


def _ours() -> Iterator[type[models.Model]]:
    yield from (model for model in apps.get_app_config("newsroom").get_models() if not model._meta.proxy)


def _original(model: type[models.Model]) -> Any:
    """The model that a history is of; None of any other."""
    return getattr(model, "instance_type", None) if model.__name__.startswith("Historical") else None


def _leads_ahead(field: models.Field) -> bool:
    """To rows of its own kind; or round in a circle: an article has a text, which is of an article."""
    return field.related_model is field.model or (field.model is Article and field.name == "current_revision")


def _fields(model: type[models.Model]) -> list[models.Field]:
    original = _original(model)
    return [
        field
        for field in model._meta.concrete_fields
        if (field.is_relation or not field.primary_key)
        and (model, field.name) not in COLUMNS_LEFT_OUT
        # Of a row that a history is of, the UUID tells which it was.
        and not (original and field.name == original._meta.pk.name)
    ]


def _kind(model: type[models.Model]) -> Kind:
    columns = tuple(
        Column(
            field,
            to=field.related_model if field.is_relation else None,
            loose=field.is_relation and not field.db_constraint,
            ahead=field.is_relation and _leads_ahead(field),
        )
        for field in _fields(model)
    )
    return Kind(model, columns, tuple(model._meta.many_to_many), _original(model))


def permission_name(app: str, model: str, codename: str) -> str:
    return f"{app}.{model}.{codename}"


def permissions() -> dict[str, int]:
    """All that there are, by name."""
    rows = Permission.objects.values_list("content_type__app_label", "content_type__model", "codename", "pk")
    return {permission_name(app, model, codename): pk for app, model, codename, pk in rows}


# What may stand in a column


@cache
def reader_of(field: models.Field) -> Callable[[Any], Any]:
    """Turns JSON into the value of a column. Raises BadRow: SQLite would store anything anywhere."""
    expected, convert = _reading(field)
    longest = field.max_length if isinstance(field, models.CharField) else None

    def read(value: Any) -> Any:
        if value is None:
            if field.null:
                return None
            raise BadRow("empty")
        if expected is not None and type(value) not in expected:
            raise BadRow("of another type")
        if type(value) is str:
            if "\0" in value:
                raise BadRow("holds a NUL")
            if longest is not None and len(value) > longest:
                raise BadRow("too long")
        try:
            return convert(value) if convert else value
        except ValueError:
            raise BadRow("malformed") from None

    return read


def _reading(field: models.Field) -> tuple[set[type] | None, Callable[[Any], Any] | None]:
    if isinstance(field, models.DateTimeField):
        return {str}, _moment
    if isinstance(field, models.DateField):
        return {str}, date.fromisoformat
    if isinstance(field, models.UUIDField):
        return {str}, uuid.UUID
    if isinstance(field, models.JSONField):
        return None, None
    if isinstance(field, models.BooleanField):
        return {bool}, None
    if isinstance(field, models.IntegerField):
        return {int}, None
    if isinstance(field, models.FloatField):
        return {int, float}, float
    if isinstance(field, (models.CharField, models.TextField, models.FileField)):
        return {str}, None
    raise TypeError(field)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment
