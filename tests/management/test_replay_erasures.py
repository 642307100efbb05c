"""`manage.py replay_erasures` brings a restored backup to where the erasures had brought the house."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from pytest_django import Settings

from newsroom.actions.erasure import redact
from newsroom.models import Entity, Erasure, User
from newsroom.outside import erasures
from newsroom.text.redaction import MASK
from tests.making import LATER, make_entity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def list_of_erasures(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    return settings.ERASURES_FILE


@pytest.fixture
def chief(editor: User) -> User:
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    return User.objects.get(pk=editor.pk)


@pytest.fixture
def erased(chief: User, django_capture_on_commit_callbacks: Any) -> Erasure:
    with django_capture_on_commit_callbacks(execute=True):
        return redact(["Nerina Sottovoce"], reason="Lo chiede.", by=chief, at=LATER)


def replay(*arguments: str) -> str:
    out = StringIO()
    call_command("replay_erasures", *arguments, stdout=out, verbosity=0)
    return out.getvalue()


def test_what_a_backup_brought_back_goes_again(erased: Erasure) -> None:
    entity = make_entity(name="Nerina Sottovoce")
    said = replay("--by", "editor")
    assert Entity.objects.get(pk=entity.pk).name == MASK
    assert "entity.name: 1" in said
    assert "1 erasures replayed" in said
    assert "0 places changed" in replay("--by", "editor")


def test_where_nothing_was_erased_nothing_is_done(rows: None) -> None:
    assert "Nothing was ever erased" in replay("--by", "editor")


@pytest.mark.parametrize(("who", "said"), [("reporter", "may not erase"), ("nessuno", "no user")])
def test_it_is_for_who_may(erased: Erasure, who: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        replay("--by", who)


def test_another_key_is_noticed(erased: Erasure, settings: Settings) -> None:
    settings.ERASURE_KEY = "another one"
    with pytest.raises(CommandError, match="another key"):
        replay("--by", "editor")


def test_a_damaged_list_is_noticed(erased: Erasure, list_of_erasures: Path) -> None:
    list_of_erasures.write_text(list_of_erasures.read_text() + "{nonsense\n")
    with pytest.raises(CommandError, match="line 2"):
        replay("--by", "editor")


def test_a_list_may_be_named(erased: Erasure, list_of_erasures: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.jsonl"
    list_of_erasures.rename(elsewhere)
    assert "Nothing was ever erased" in replay("--by", "editor")
    assert "1 erasures replayed" in replay("--by", "editor", "--list", str(elsewhere))
    # The list of the settings is brought up to what the database knows.
    assert len(erasures.listed(list_of_erasures)) == 1
