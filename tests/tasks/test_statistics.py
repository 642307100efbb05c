"""What the database knows of its tables, kept by the worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.management.commands.work import Keeper
from newsroom.models import Claim
from newsroom.tasks.statistics import look_at_tables
from tests.making import make_claim

pytestmark = pytest.mark.django_db
CLAIMS = Claim._meta.db_table


def known_claims() -> int:
    """How many rows SQLite believes that there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [CLAIMS])
        return max(int(said.split()[0]) for (said,) in cursor.fetchall())


def test_tables_are_looked_at_and_again_when_they_have_doubled():
    for _ in range(3):
        make_claim()
    with CaptureQueriesContext(connection) as asked:
        looked_at = look_at_tables()
    if connection.vendor == "postgresql":
        # It looks by itself.
        assert not looked_at and not asked.captured_queries
        return
    assert CLAIMS in looked_at
    assert known_claims() == Claim.objects.count()
    for _ in range(Claim.objects.latest("pk").pk + 2):
        make_claim()
    assert CLAIMS in look_at_tables()
    assert known_claims() == Claim.objects.count()


def test_a_worker_looks_when_it_begins_and_not_at_every_beat():
    make_claim()
    keeper = Keeper("somebody", silent=timedelta(minutes=1))
    looked = []
    for _beat in range(2):
        with CaptureQueriesContext(connection) as asked:
            keeper.look_at_tables()
        looked.append(any("max(rowid)" in query["sql"] for query in asked.captured_queries))
    assert looked == [connection.vendor == "sqlite", False]
