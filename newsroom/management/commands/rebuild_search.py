"""`manage.py rebuild_search`: brings the search into step with the rows, or says where it is not."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from rich.console import Console
from rich.progress import Progress

from newsroom.models import SearchDebt, search_triggers
from newsroom.models.search_entries import ENTRIES
from newsroom.models.searchable import SearchEntry, pay_debts, portions

#: Rows that are compared at a time: whole articles among them.
COMPARED = 100


class Command(BaseCommand):
    help = (
        "Compares what every row is found by with its words, and writes anew what differs. Can be "
        "interrupted at any moment and started again. Needed after the first migration, and after an "
        "upgrade that stems otherwise."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if anything differs.")

    def handle(self, *, check: bool, verbosity: int, **options):
        faults = 0
        if missing := search_triggers.missing(connection):
            faults += len(missing)
            self.stdout.write(f"Triggers that were not there: {', '.join(missing)}")
            if not check:
                search_triggers.lay(connection)
        with Progress(console=Console(stderr=True), disable=verbosity == 0, transient=True) as progress:
            for entry in ENTRIES:
                name = _kind(entry)._meta.model_name
                keys = list(_kind(entry)._base_manager.order_by("pk").values_list("pk", flat=True))
                task = progress.add_task(name, total=len(keys))
                differed = 0
                for some in portions(keys, COMPARED):
                    differing = entry.differing(some)
                    if differing and not check:
                        _write(entry, differing)
                    differed += len(differing)
                    progress.advance(task, len(some))
                sound = _index_is_sound(entry)
                if not (sound or check):
                    _make_index(entry)
                faults += differed + (not sound)
                if verbosity:
                    broken = "" if sound else "; the index was broken"
                    self.stdout.write(f"{name}: {len(keys)}, out of step {differed}{broken}")
        if check and faults:
            raise CommandError("The search is out of step: run rebuild_search.")


def _kind(entry: type[SearchEntry]):
    return entry._meta.get_field("row").related_model


def _write(entry: type[SearchEntry], keys: Sequence[int]) -> None:
    """As a write of these rows would, so what somebody else is writing just now is waited for."""
    kind = _kind(entry)._meta.model_name
    with transaction.atomic():
        SearchDebt.objects.bulk_create(
            (SearchDebt(kind=kind, key=key, paid_id=0) for key in keys), ignore_conflicts=True
        )
        pay_debts()


def _index_is_sound(entry: type[SearchEntry]) -> bool:
    """Whether the full text index agrees with the entries. On PostgreSQL it follows from them by itself."""
    if connection.vendor != "sqlite":
        return True
    index = f"{entry._meta.db_table}_index"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
    except DatabaseError:
        return False
    return True


def _make_index(entry: type[SearchEntry]) -> None:
    index = f"{entry._meta.db_table}_index"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
