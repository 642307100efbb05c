"""`manage.py backup` and `restore`: taken while others write, restored elsewhere, equal to the last row."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, BinaryIO, cast

import pytest
from django.conf import settings as of_the_site
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from newsroom.actions import originals
from newsroom.actions.backups import BadBackup, restoring, tables
from newsroom.actions.erasure import redact
from newsroom.formats.newsroom_archive import BACKUP, Archive, Opening
from newsroom.formats.unreadable import Unreadable
from newsroom.models import ConfidentialSource, Deed, Entity, Original, User
from newsroom.outside import backups
from tests.making import LATER, make_entity, make_source
from tests.postgresql import database_url
from tests.prepared_database import copy_file, migrated

KEY = "cinque parole scelte proprio a caso"
ERASURES = "the key of the erasures of these tests"


@pytest.fixture(autouse=True)
def places(settings: Settings, tmp_path: Path) -> Path:
    settings.BACKUPS_DIR, settings.BACKUP_KEY = tmp_path / "backups", KEY
    settings.ERASURES_FILE, settings.ERASURE_KEY = tmp_path / "erasures.jsonl", ERASURES
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    return settings.BACKUPS_DIR


def take(*arguments: str) -> Path:
    call_command("backup", *arguments, stdout=io.StringIO(), verbosity=0)
    return backups.kept(of_the_site.BACKUPS_DIR)[0].path


def read(file: Path, key: str = KEY) -> Archive:
    opened = cast(BinaryIO, Opening(io.BytesIO(file.read_bytes()), key, file.name))
    return Archive(opened, file.name, format=BACKUP)


class Elsewhere:
    """Another machine: a database of its own, a folder of its own, and the same key."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def run(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments), "--verbosity", "0"],
            cwd=of_the_site.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": self.url,
                "CONTROLUCE_VAR_DIR": str(self.folder),
                "CONTROLUCE_BACKUP_KEY": KEY,
                "CONTROLUCE_ERASURE_KEY": ERASURES,
                **environment,
            },
            capture_output=True,
            text=True,
        )

    def restore(self, file: Path, *arguments: str, **environment: str) -> dict[str, int]:
        done = self.run("restore", file, "--json", *arguments, **environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refuses(self, file: Path, *arguments: str, **environment: str) -> str:
        done = self.run("restore", file, *arguments, **environment)
        assert done.returncode != 0 and "Nothing was stored" in done.stderr, done
        return done.stderr

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / "a.sqlite3")) as there:
            return there.execute(query).fetchall()

    def files(self) -> dict[str, bytes]:
        media = self.folder / "media"
        return {
            str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()
        }


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    """Of SQLite, with its tables made and nothing in them."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    copy_file(migrated(), folder / "a.sqlite3")
    return Elsewhere(folder, f"sqlite:///{folder / 'a.sqlite3'}")


@contextmanager
def empty_postgresql(folder: Path) -> Iterator[Elsewhere]:
    """A database with nothing in it at all, on the server that the tests have."""
    folder.mkdir()
    name = f"elsewhere_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield Elsewhere(folder, database_url(name))
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def hashes(backup: Archive) -> dict[str, tuple[str, int]]:
    return {name: proof for name, proof in backup.members.items() if "django_migrations" not in name}


# There and back


@pytest.mark.django_db
def test_everything_comes_back_elsewhere_with_its_files_and_its_passwords(
    reporter: User, elsewhere: Elsewhere
) -> None:
    original = originals.receive(kind="file", body=b"Il ponte.", draft={}, by=reporter, at=LATER)
    done = elsewhere.restore(take())
    assert done["tables"] == len(tables())
    assert done["files"] == 1
    assert elsewhere.files() == {original.file.name: b"Il ponte."}
    assert elsewhere.rows("SELECT count(*) FROM newsroom_deed") == [(Deed.objects.count(),)]
    [(password,)] = elsewhere.rows("SELECT password FROM newsroom_user WHERE username = 'reporter'")
    assert password == reporter.password
    found = elsewhere.run("rebuild_search", "--check")
    assert found.returncode == 0, found.stdout


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the ways from and to PostgreSQL")
def test_a_newsroom_moves_from_one_database_to_another_and_back(
    committed: None, reporter: User, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    originals.receive(kind="file", body=b"Il ponte.", draft={"è": [1.5, None]}, by=reporter, at=LATER)
    first = take()
    elsewhere.restore(first)
    assert elsewhere.run("backup").returncode == 0
    [second] = backups.kept(elsewhere.folder / "backups")
    assert read(second.path).about["database"] == "sqlite"
    assert hashes(read(second.path)) == hashes(read(first))
    with empty_postgresql(tmp_path / "again") as again:
        again.restore(second.path)
        assert again.run("backup").returncode == 0
        [third] = backups.kept(again.folder / "backups")
        assert read(third.path).about["database"] == "postgresql"
        assert hashes(read(third.path)) == hashes(read(first))
        # The next rows get numbers of their own.
        made = "from tests.making import make_entity; print(make_entity().pk)"
        assert again.run("shell", "-c", made).returncode == 0


def test_what_is_taken_while_people_write_is_of_one_moment(
    committed: None, reporter: User, elsewhere: Elsewhere
) -> None:
    """Each deed is a row, a file and a record: a backup has all three or none."""
    stop, done = Event(), Counter[int]()
    faults: list[Exception] = []

    def write(writer: int) -> None:
        try:
            while not stop.is_set():
                body = f"{writer}: {done[writer]}".encode()
                originals.receive(kind="file", body=body, file_name=body.decode(), by=reporter, at=LATER)
                done[writer] += 1
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    writers = [Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    try:
        while min(done[number] for number in range(3)) < 3 and not faults:
            stop.wait(0.05)
        before = Counter(done)
        file = take()
        during = Counter(done)
        while min(done[number] - during[number] for number in range(3)) < 1 and not faults:
            stop.wait(0.05)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert faults == []
    assert during.total() > before.total(), "nobody wrote meanwhile"
    assert elsewhere.restore(file)["files"] == elsewhere.rows("SELECT count(*) FROM newsroom_original")[0][0]
    titles = [title for (title,) in elsewhere.rows("SELECT file_name FROM newsroom_original ORDER BY id")]
    records = elsewhere.rows("SELECT count(*) FROM newsroom_deed WHERE verb = 'original.receive'")
    assert records == [(len(titles),)]
    for number in range(3):
        theirs = [title for title in titles if title.startswith(f"{number}:")]
        assert theirs == [f"{number}: {count}" for count in range(len(theirs))], "one is missing between"
        assert len(theirs) >= before[number]
    assert sorted(body.decode() for body in elsewhere.files().values()) == sorted(titles)


def test_a_drill_restores_it_on_trial_and_keeps_the_date(committed: None, places: Path) -> None:
    said = io.StringIO()
    call_command("backup", "--drill", stdout=said, verbosity=0)
    assert "Restored on trial and equal" in said.getvalue()
    drill = backups.last_drill(places)
    assert drill and drill["backup"] == backups.kept(places)[0].path.name
    assert drill["tables"] == len(tables())
    assert not list(places.glob(".drill-*"))


# What is secret


@pytest.mark.django_db
def test_confidential_names_are_in_it_and_nobody_reads_them_without_the_key(elsewhere: Elsewhere) -> None:
    source = make_source(name="Una dirigente")
    ConfidentialSource.objects.create(source=source, real_name="Zefirina Canarini", reason="Rischia.")
    file = take()
    assert b"canarini" not in file.read_bytes().lower()
    assert KEY.encode() not in file.read_bytes()
    with pytest.raises(Unreadable):
        read(file, "un’altra chiave, lunga")
    elsewhere.refuses(file, CONTROLUCE_BACKUP_KEY="un’altra chiave, lunga")
    elsewhere.restore(file)
    assert elsewhere.rows("SELECT real_name FROM newsroom_confidentialsource") == [("Zefirina Canarini",)]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "corta"])
def test_without_a_key_there_is_none(settings: Settings, key: str, places: Path) -> None:
    settings.BACKUP_KEY = key
    with pytest.raises(CommandError, match="CONTROLUCE_BACKUP_KEY"):
        take()
    assert not places.exists()


@pytest.mark.django_db
def test_nobody_comes_back_signed_in(signed_in: Any, editor: User) -> None:
    signed_in(editor)
    assert not any("session" in name for name in read(take()).members)


@pytest.mark.django_db
def test_what_was_erased_since_is_erased_again(
    editor: User, elsewhere: Elsewhere, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    editor = User.objects.get(pk=editor.pk)
    entity = make_entity(name="Nerina Sottovoce")
    file = take()
    with django_capture_on_commit_callbacks(execute=True):
        redact(["Nerina Sottovoce"], reason="Lo chiede.", by=editor, at=LATER)
    erased = {"CONTROLUCE_ERASURES_FILE": str(tmp_path / "erasures.jsonl")}
    assert "--by" in elsewhere.refuses(file, **erased)
    assert "may not do this" in elsewhere.refuses(file, "--by", "reporter", **erased)
    assert "no account" in elsewhere.refuses(file, "--by", "nessuno", **erased)
    assert "another key" in elsewhere.refuses(
        file, "--by", "editor", **erased, CONTROLUCE_ERASURE_KEY="another"
    )
    assert elsewhere.rows("SELECT count(*) FROM newsroom_entity") == [(0,)]
    assert elsewhere.restore(file, "--by", "editor", **erased)["replayed"] > 0
    [(name,)] = elsewhere.rows(f"SELECT name FROM newsroom_entity WHERE id = {entity.pk}")
    assert "Nerina" not in name
    assert b"Sottovoce" not in (elsewhere.folder / "a.sqlite3").read_bytes()


# What is refused


@pytest.mark.django_db
def test_a_newsroom_that_is_not_empty_is_left_alone(places: Path) -> None:
    file, before = take(), Entity.objects.count()
    with pytest.raises(CommandError, match=r"not empty: .*newsroom_article \(1\).* Nothing was stored"):
        call_command("restore", file, verbosity=0)
    with pytest.raises(BadBackup, match="not empty"):
        restoring.restore(read(file), at=LATER)
    assert Entity.objects.count() == before


@pytest.mark.django_db
def test_a_damaged_one_is_not_opened(elsewhere: Elsewhere, tmp_path: Path) -> None:
    whole = take().read_bytes()
    for number, body in enumerate((whole[:-1], whole[:-40], whole[:90] + b"x" + whole[91:], b"PK")):
        file = tmp_path / f"{number}.backup"
        file.write_bytes(body)
        with pytest.raises(CommandError):
            call_command("restore", file, "--check", verbosity=0)


@pytest.mark.django_db
def test_a_check_proves_it_and_stores_nothing() -> None:
    said = io.StringIO()
    call_command("restore", take(), "--check", stdout=said, verbosity=0)
    assert "whole, made at" in said.getvalue()
    with pytest.raises(CommandError, match="not there"):
        call_command("restore", "nowhere.backup", verbosity=0)


class Made:
    """What a backup says of itself."""

    members: dict[str, tuple[str, int]]

    def __init__(self, backup: Archive, **about: Any) -> None:
        self.about = {**backup.about, **about}


@pytest.mark.django_db
def test_one_of_another_release_is_not_guessed_at() -> None:
    backup = read(take())
    applied, rows = backup.about["migrations"], backup.about["rows"]
    for about, said in (
        (
            {"migrations": [*applied, ["newsroom", "9999_later"]]},
            "newer release, which has newsroom.9999_later",
        ),
        (
            {"migrations": [one for one in applied if one != ["newsroom", "0002_append_only"]]},
            "older release",
        ),
        ({"rows": {**rows, "newsroom_stranger": 1}}, "not both in it and in this release: newsroom_stranger"),
    ):
        with pytest.raises(BadBackup, match=said):
            restoring.fits(Made(backup, **about))  # type: ignore[arg-type]  # no more is asked of it
    restoring.fits(backup)


@pytest.mark.django_db
def test_a_file_of_somebody_else_is_not_replaced(elsewhere: Elsewhere, reporter: User) -> None:
    original = originals.receive(kind="file", body=b"Il ponte.", draft={}, by=reporter, at=LATER)
    file, place = take(), elsewhere.folder / "media" / original.file.name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"Altro.")
    assert "another file already" in elsewhere.refuses(file)
    assert place.read_bytes() == b"Altro."
    # What a run that was cut off left is the same, and is taken.
    place.write_bytes(b"Il ponte.")
    assert elsewhere.restore(file)["files"] == 1


@pytest.mark.django_db
def test_a_file_that_is_gone_is_told(reporter: User, elsewhere: Elsewhere) -> None:
    original = originals.receive(kind="file", body=b"Il ponte.", draft={}, by=reporter, at=LATER)
    original.file.storage.delete(original.file.name)
    said = io.StringIO()
    call_command("backup", stdout=said, verbosity=0)
    assert f"not there, though a row names it: {original.file.name}" in said.getvalue()
    restored = elsewhere.run("restore", backups.kept(of_the_site.BACKUPS_DIR)[0].path)
    assert f"was not there when it was made: {original.file.name}" in restored.stdout


@pytest.mark.django_db
def test_two_are_not_made_at_once(places: Path) -> None:
    with backups.alone(places), pytest.raises(CommandError, match="Another backup"):
        take()


@pytest.mark.django_db
def test_interrupted_it_leaves_nothing(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("newsroom.management.commands.backup.deeds.take", interrupted)
    with pytest.raises(CommandError, match="no backup was made"):
        take()
    assert [path.name for path in places.iterdir()] == [".lock"]


@pytest.mark.django_db
def test_old_ones_go_and_those_to_be_kept_stay(places: Path) -> None:
    places.mkdir()
    for day in (1, 2, 3):
        (places / f"controluce-2020010{day}T000000Z.backup").touch()
    take("--keep-days", "2", "--keep-weeks", "0", "--keep-months", "0")
    assert [path.name for path in sorted(places.glob("*.backup"))][:-1] == [
        "controluce-20200103T000000Z.backup"
    ]


def test_every_table_is_in_it_or_left_out_with_a_reason(db: None) -> None:
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    left = {name for name in there - set(tables()) if "entry_index" not in name}
    assert left == {
        "axes_accessattempt",
        "axes_accessattemptexpiration",
        "axes_accessfailurelog",
        "axes_accesslog",
        "django_session",
        "newsroom_presence",
        "newsroom_searchdebt",
        "newsroom_erasurepass",
        "newsroom_shown",
    }
    assert Original._meta.db_table in tables()
