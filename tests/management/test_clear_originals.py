"""`manage.py clear_originals`: what never became an article goes, and what it is made of stays."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from newsroom.models import Deed, Import, Original, Picture, User
from tests.making import make_article, make_import, make_original, make_picture, make_user

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=31)


@pytest.fixture(autouse=True)
def only_ours(rows: None) -> None:
    Picture.objects.all().delete()
    Original.objects.all().delete()


def clear(**given: Any) -> str:
    said = StringIO()
    call_command("clear_originals", **({"username": "editor", "stdout": said, "verbosity": 0} | given))
    return said.getvalue()


def brought(**given: Any) -> Original:
    return make_original(**({"at": now() - LONG_AGO} | given))


def test_what_never_became_an_article_goes_with_its_files(
    editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    original = brought(body=b"Il ponte.")
    picture = make_picture(original)
    with django_capture_on_commit_callbacks(execute=True):
        assert clear() == "1 of 1 gone, 9\xa0bytes beside their pictures.\n"
    assert not Original.objects.exists() and not Picture.objects.exists()
    assert not any(default_storage.exists(row.file.name) for row in (original, picture))
    deed = Deed.objects.get(verb="original.clear")
    assert (deed.actor, deed.objects_touched) == (editor, [["original", str(original.uuid)]])
    assert "ponte" not in str(deed.before).lower()


def test_what_failed_or_was_never_fetched_goes_too() -> None:
    brought(state="failed", message="Non risponde.")
    brought(kind="address", address="https://a.example/", state="waiting", draft=None)
    clear()
    assert not Original.objects.exists()


def test_articles_keep_theirs_and_what_is_new_waits_for_its_article() -> None:
    kept = {
        brought(state="used", article=make_article()),
        make_original(at=now() - timedelta(days=29)),
        make_original(at=now()),
    }
    assert clear().startswith("0 of 0 gone")
    assert set(Original.objects.all()) == kept
    clear(days=28)
    assert Original.objects.count() == 2


def test_a_dry_run_says_what_would_go_and_deletes_nothing() -> None:
    original = brought(file_name="ponte.docx")
    said = clear(dry_run=True)
    assert "ready: ponte.docx\n1 of 1 would go" in said
    assert Original.objects.get() == original
    assert not Deed.objects.filter(verb="original.clear").exists()


@pytest.mark.parametrize("name", ["reporter", "checker", "nessuno"])
def test_who_may_not_is_told(name: str) -> None:
    brought()
    with pytest.raises(CommandError, match="may delete"):
        clear(username=name)
    make_user(username="spento", is_superuser=True, is_active=False)
    with pytest.raises(CommandError, match="may delete"):
        clear(username="spento")
    assert Original.objects.exists()


def test_what_came_today_is_never_cleared() -> None:
    with pytest.raises(CommandError, match="1 at least"):
        clear(days=0)


# The files of imports


def imported(**given: Any) -> Import:
    return make_import(**({"at": now() - LONG_AGO, "moved_at": now() - LONG_AGO} | given))


def test_files_of_imports_go_and_reports_of_what_was_stored_stay(
    editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    forgotten = imported()
    stored = imported(state="stored", done=1, stored_by=editor, report={"annotations": 1})
    going_on = imported(state="storing", stored_by=editor)
    recent = imported(moved_at=now())
    with django_capture_on_commit_callbacks(execute=True):
        assert "2 files of imports gone" in clear()
    assert set(Import.objects.all()) == {stored, going_on, recent}
    stored.refresh_from_db()
    assert (stored.file.name, stored.report) == ("", {"annotations": 1})
    assert not default_storage.exists(forgotten.file.name)
    assert default_storage.exists(recent.file.name)
    assert Deed.objects.filter(verb="import.clear").count() == 2


def test_a_dry_run_tells_files_of_imports_too() -> None:
    row = imported()
    said = clear(dry_run=True)
    assert "read: note.jsonl" in said and "1 files of imports would go" in said
    assert Import.objects.get() == row
