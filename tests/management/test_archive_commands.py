"""`export_newsroom` and `import_newsroom`, and the way from one database to another."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as of_the_site
from django.core.management import CommandError, call_command
from pytest_django import Settings

from newsroom.models import Article, ConfidentialSource, Deed, Source, User
from tests.emptied import empty
from tests.making import make_source
from tests.prepared_database import copy_file, migrated

pytestmark = pytest.mark.django_db

PASSPHRASE = "quattro parole a caso"


@pytest.fixture(autouse=True)
def places(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = dict(settings.STORAGES)
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"


@pytest.fixture
def chief(editor: User) -> User:
    editor.is_superuser = True
    editor.save()
    return editor


def run(name: str, *arguments: object) -> str:
    said = io.StringIO()
    call_command(name, *map(str, arguments), stdout=said, verbosity=0)
    return said.getvalue()


def checksums(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as packed:
        manifest = json.loads(packed.read("manifest.json"))
    return {member["path"]: member["sha256"] for member in manifest["members"]}


def log_of(file: Path) -> bytes:
    with zipfile.ZipFile(file) as packed:
        return packed.read("rows/deed.jsonl")


def test_there_and_back(chief: User, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    slug = Article.objects.get().slug
    assert f"{file}: " in run("export_newsroom", file, "--by", "editor")
    assert "whole" in run("import_newsroom", file, "--by", "editor", "--check")
    with pytest.raises(CommandError, match="Nothing was stored"):
        run("import_newsroom", file, "--by", "editor")
    empty()
    assert f"{file}: " in run("import_newsroom", file, "--by", "editor")
    assert Article.objects.get().slug == slug
    assert sorted(path.name for path in tmp_path.glob("*.zip")) == ["a.zip"]


def test_the_encrypted_kind_says_who_they_are(
    chief: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source(name="Una dirigente")
    ConfidentialSource.objects.create(source=source, real_name="Zefirina Canarini", reason="Rischia.")
    file, secret = tmp_path / "a.box", tmp_path / "passphrase"
    monkeypatch.delenv("CONTROLUCE_ARCHIVE_PASSPHRASE", raising=False)
    for passphrase in (None, "corta"):
        if passphrase:
            monkeypatch.setenv("CONTROLUCE_ARCHIVE_PASSPHRASE", passphrase)
        with pytest.raises(CommandError, match="passphrase"):
            run("export_newsroom", file, "--by", "editor", "--confidential")
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    assert "encrypted" in run(
        "export_newsroom", file, "--by", "editor", "--confidential", "--passphrase-file", secret
    )
    assert Deed.objects.latest("pk").after["kind"] == "confidential"
    assert b"canarini" not in file.read_bytes().lower()
    empty()
    with pytest.raises(CommandError, match="Nothing was stored"):
        run("import_newsroom", file, "--by", "editor")  # with the short one of the environment
    monkeypatch.setenv("CONTROLUCE_ARCHIVE_PASSPHRASE", PASSPHRASE)
    run("import_newsroom", file, "--by", "editor")
    come = Source.objects.get(uuid=source.uuid)
    assert come.confidential.real_name == "Zefirina Canarini"


def test_the_pseudonyms_are_in_the_report(chief: User, tmp_path: Path) -> None:
    source = make_source(name="Una dirigente")
    ConfidentialSource.objects.create(source=source, real_name="Zefirina Canarini", reason="Rischia.")
    said = run("export_newsroom", tmp_path / "a.zip", "--by", "editor")
    assert f"{source.uuid} goes as fonte-riservata-{source.code}" in said and "Canarini" not in said


def test_interrupted_it_leaves_what_was_there(
    chief: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"prima")

    def interrupted(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("newsroom.actions.archiving.exporting.record", interrupted)
    with pytest.raises(CommandError, match="Interrupted"):
        run("export_newsroom", file, "--by", "editor")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {
        "a.zip": b"prima"
    }


def test_who_may_not_is_told(editor: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="editor may not"):
        run("export_newsroom", tmp_path / "a.zip", "--by", "editor")
    with pytest.raises(CommandError, match="nobody"):
        run("export_newsroom", tmp_path / "a.zip", "--by", "nessuno")
    with pytest.raises(CommandError, match="not there"):
        run("import_newsroom", tmp_path / "a.zip", "--by", "editor")
    assert list(tmp_path.glob("*a.zip*")) == []


def test_from_one_database_to_another_and_back_it_is_the_same(chief: User, tmp_path: Path) -> None:
    """Here it is the database of the tests, there a SQLite of its own: on PostgreSQL it crosses both ways."""
    here, there, back = (tmp_path / name for name in ("here.zip", "there.zip", "back.zip"))
    run("export_newsroom", here, "--by", "editor")
    other = Elsewhere(tmp_path)
    other.run("createsuperuser", "--no-input", "--username", "editor", "--email", "e@example.org")
    other.run("import_newsroom", str(here), "--by", "editor")
    other.run("export_newsroom", str(there), "--by", "editor")
    empty()
    run("import_newsroom", there, "--by", "editor")
    run("export_newsroom", back, "--by", "editor")
    first = checksums(here)
    for file in (there, back):
        differing = {name for name, sha256 in checksums(file).items() if first[name] != sha256}
        # The log alone has grown, by the archive's own records.
        assert differing == {"rows/deed.jsonl"}
        assert log_of(file).startswith(log_of(here))


class Elsewhere:
    """Another installation, with a database and files of its own."""

    def __init__(self, folder: Path) -> None:
        database = folder / "there.sqlite3"
        copy_file(migrated(), database)
        self._environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{database}",
            "CONTROLUCE_ERASURES_FILE": str(folder / "there.jsonl"),
            "CONTROLUCE_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DJANGO_SUPERUSER_PASSWORD": "una parola lunga",
        }

    def run(self, *arguments: str) -> None:
        command = [sys.executable, str(of_the_site.BASE_DIR / "manage.py"), *arguments]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
