"""The database goes away in the middle of a task: no import is called unreadable because of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils.timezone import now

from newsroom.actions import imports
from newsroom.models import Article, Import, User
from newsroom.tasks import interrupted
from newsroom.tasks.imports import store_import
from tests.making import make_import

#: What either database answers with the kind of error that it also has for a connection that is gone.
REFUSED = {
    "sqlite": "SELECT * FROM nowhere",
    "postgresql": "DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$",
}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite does not go away")
def test_an_import_goes_on_when_the_database_is_there_again(
    committed: None, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interrupted, "PAUSES", (0, 0))
    row = imports.confirm(make_import(by=editor, moved_at=now() - timedelta(days=1)), by=editor, at=now())
    store, broken = imports.store_portion, []

    def cut_off_once(row: Import, **given: Any) -> Import:
        if not broken:
            broken.append(True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return store(row, **given)

    monkeypatch.setattr(imports, "store_portion", cut_off_once)
    store_import.call(str(row.uuid), language="it")
    row.refresh_from_db()
    assert (broken, row.state, row.message) == ([True], "stored", "")
    assert Article.objects.filter(current_revision__text__contains="Il ponte di Nilde.").count() == 1


@pytest.mark.django_db
def test_what_the_database_refuses_is_not_tried_again() -> None:
    tried = []

    @interrupted.tried_again
    def refused() -> None:
        tried.append(True)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(REFUSED[connection.vendor])

    with pytest.raises(OperationalError):
        refused()
    assert tried == [True]
