"""Revisions and deeds are append-only: the database itself refuses their UPDATE and DELETE."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse

from newsroom.models import Deed, PageVersion, Revision
from newsroom.views.api.describing import description
from tests.making import LATER, THEN, make_article, make_page, make_rectification, make_revision, make_user

pytestmark = pytest.mark.django_db


def a_revision() -> Revision:
    """One that no other row points at, so that only the trigger can keep it."""
    return make_revision(make_article(), kind="correction", note="La data.")


def a_deed() -> Deed:
    return Deed.objects.create(
        verb="article.create", actor=make_user(), at=THEN, article=make_article(), after={"slug": "ponte"}
    )


KEPT: tuple[Callable[[], Revision | Deed], ...] = (a_revision, a_deed)
REFUSED = "a (revision|deed) never changes"


def other_value(row: models.Model, field: models.Field) -> Any:
    """A value that the column could hold and does not."""
    value = field.value_from_object(row)
    if isinstance(field, models.ForeignKey):
        return {"article": make_article, "by": make_user, "actor": make_user, "reverts": a_revision}[
            field.name
        ]().pk
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.JSONField):
        return [value]
    if isinstance(field, models.DateTimeField):
        return LATER
    if isinstance(field, models.IntegerField):
        return value + 1_000_000
    return {"kind": "minor"}.get(field.name, f"~{value[1:]}")


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (make, field.name)
        for make, model in ((a_revision, Revision), (a_deed, Deed))
        for field in model._meta.concrete_fields
    ],
)
def test_no_column_can_be_changed(make: Callable[[], Revision | Deed], name: str) -> None:
    row = make()
    field = type(row)._meta.get_field(name)
    value = other_value(row, field)
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**{field.attname: value})
    row_now = type(row).objects.get(pk=row.pk)
    assert field.value_from_object(row_now) == field.value_from_object(row)


@pytest.mark.parametrize("make", KEPT)
def test_no_row_can_be_deleted(make: Callable[[], Revision | Deed]) -> None:
    row = make()
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        type(row).objects.filter(pk=row.pk).delete()
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        row.delete()
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("make", KEPT)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET at = %s",
        "UPDATE {table} SET at = %s WHERE id = (SELECT max(id) FROM {table})",
        "DELETE FROM {table} WHERE at < %s",
    ],
)
def test_plain_sql_is_refused_as_well(make: Callable[[], Revision | Deed], statement: str) -> None:
    table = make()._meta.db_table
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table), [LATER + timedelta(hours=1)])


@pytest.mark.parametrize("make", KEPT)
def test_an_update_that_changes_nothing_passes(make: Callable[[], Revision | Deed]) -> None:
    """A fixture is loaded over itself."""
    row = make()
    row.save()
    row.refresh_from_db()
    row.save()
    assert type(row).objects.filter(pk=row.pk).count() == 1


def test_no_row_is_put_in_the_place_of_another() -> None:
    """SQLite's REPLACE deletes without asking the triggers of a deletion; PostgreSQL knows no such thing."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    for make in (*KEPT, make_rectification, lambda: make_page().versions.get()):
        row = make()
        table = row._meta.db_table
        columns = [field.column for field in row._meta.concrete_fields]
        # One that takes its key, and one that takes its name: the other is new.
        for new, value in (("uuid", uuid.uuid4().hex), ("id", row.pk + 1_000)):
            given = ", ".join("%s" if column == new else column for column in columns)
            replace = f"REPLACE INTO {table} ({', '.join(columns)}) SELECT {given} FROM {table} WHERE id = %s"
            with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
                connection.cursor().execute(replace, [value, row.pk])
        assert type(row).objects.filter(pk=row.pk, uuid=row.uuid).exists()


def test_no_revision_takes_the_number_of_another() -> None:
    """The same, of one that has a key and a name of its own, but stands where another does."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    row = make_article().current_revision
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    new = {"id": row.pk + 1_000, "uuid": uuid.uuid4().hex}
    given = ", ".join("%s" if column in new else column for column in columns)
    replace = f"REPLACE INTO {table} ({', '.join(columns)}) SELECT {given} FROM {table} WHERE id = %s"
    values = [new[column] for column in columns if column in new]
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        connection.cursor().execute(replace, [*values, row.pk])
    assert Revision.objects.get(article=row.article, number=row.number).uuid == row.uuid


@pytest.mark.parametrize("model", [Revision, Deed, PageVersion])
def test_the_table_is_not_emptied(model: type[models.Model]) -> None:
    """As `manage.py flush` would. PostgreSQL empties no table that was just written to: it is the seed’s."""
    before = model.objects.count()
    table = model._meta.db_table
    statement = f"DELETE FROM {table}" if connection.vendor == "sqlite" else f"TRUNCATE {table} CASCADE"
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        connection.cursor().execute(statement)
    assert model.objects.count() == before > 0


@pytest.mark.parametrize("path", ["newsroom_deed_change", "newsroom_deed_delete"])
def test_who_may_everything_changes_no_deed_in_the_admin(path: str, client: Client) -> None:
    deed = a_deed()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    there = reverse(f"admin:{path}", args=[deed.pk])
    assert client.post(there, {"verb": "altro", "post": "yes"}).status_code == 403
    assert client.post(reverse("admin:newsroom_deed_add"), {"verb": "altro"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": deed.pk, "post": "yes"}
    client.post(reverse("admin:newsroom_deed_changelist"), sent)
    assert Deed.objects.get(pk=deed.pk).verb == "article.create"


def test_no_operation_of_the_api_writes_a_deed_or_a_revision_by_itself() -> None:
    """They are shown at most; whatever is written, writes its deed."""
    for path, operations in description()["paths"].items():
        if "deed" in path or "revision" in path:
            assert set(operations) <= {"get", "parameters"}, path


def test_an_upsert_and_a_bulk_update_are_refused_as_well() -> None:
    deed = a_deed()
    deed.verb = "altro"
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        Deed.objects.bulk_update([deed], ["verb"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Deed.objects.bulk_create([deed], update_conflicts=True, unique_fields=["id"], update_fields=["verb"])
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        deed.save()
    assert Deed.objects.get(pk=deed.pk).verb == "article.create"
