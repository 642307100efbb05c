"""`manage.py rebuild_search` says where the search is out of step, and brings it back."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from newsroom.models import Article, ArticleEntry, Claim, ClaimEntry, EntityEntry, search_triggers
from newsroom.models.search_entries import ENTRIES

pytestmark = pytest.mark.django_db


def rebuild(*arguments: str, stdout: StringIO | None = None) -> str:
    out = stdout or StringIO()
    call_command("rebuild_search", *arguments, stdout=out)
    return out.getvalue()


def everything() -> list[list[dict[str, object]]]:
    return [list(entry.objects.order_by("pk").values()) for entry in ENTRIES]


def test_what_is_in_step_is_left_alone() -> None:
    before = everything()
    assert rebuild().splitlines() == [
        "article: 1, out of step 0",
        "claim: 44, out of step 0",
        "source: 10, out of step 0",
        "entity: 39, out of step 0",
        "document: 60, out of step 0",
    ]
    assert rebuild("--check")
    assert everything() == before


def test_entries_that_are_missing_or_wrong_are_written_anew() -> None:
    before = everything()
    ClaimEntry.objects.filter(pk__in=list(ClaimEntry.objects.values_list("pk", flat=True)[:5])).delete()
    EntityEntry.objects.update(title=" parolanuova ")
    ArticleEntry.objects.update(place=1)
    with pytest.raises(CommandError, match="out of step"):
        rebuild("--check")
    assert Claim.objects.filter(search_entry=None).count() == 5
    written = rebuild()
    assert "claim: 44, out of step 5" in written
    assert "entity: 39, out of step 39" in written
    assert "article: 1, out of step 1" in written
    assert everything() == before
    assert rebuild("--check")


class Impatient(StringIO):
    """Ctrl-C at the first line that is printed."""

    def write(self, text: str) -> int:
        raise KeyboardInterrupt


def test_it_can_be_interrupted_and_started_again() -> None:
    before = everything()
    for entry in ENTRIES:
        entry.objects.all().delete()
    with pytest.raises(KeyboardInterrupt):
        rebuild(stdout=Impatient())
    assert ArticleEntry.objects.count() == 1
    assert ClaimEntry.objects.count() == 0
    assert "article: 1, out of step 0" in rebuild()
    assert everything() == before


def test_a_trigger_that_is_gone_is_laid_again() -> None:
    on_table = " ON newsroom_claim" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER newsroom_claim_owes_update{on_table}")
    with pytest.raises(CommandError):
        rebuild("--check")
    assert "newsroom_claim_owes_update" in rebuild()
    assert search_triggers.missing(connection) == []
    assert rebuild("--check")


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_index_that_lost_its_words_is_made_again(entry: type[models.Model]) -> None:
    """On PostgreSQL the index follows from the entries by itself, and none can be lost."""
    if connection.vendor == "sqlite":
        index = f"{entry._meta.db_table}_index"
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
        with pytest.raises(CommandError):
            rebuild("--check")
        assert "the index was broken" in rebuild()
    assert rebuild("--check")
    assert Article.objects.search("microsoft").exists()
