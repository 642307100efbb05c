"""Versions of what the assistant learned: kept if not worse, chosen, laid aside, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from pytest_django import Settings

from newsroom.actions import learning
from newsroom.actions.erasure import redact, redacting, replaying
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import Deed, Erasure, TrainedModel, User
from tests.database_dump import dump
from tests.making import LATER, THEN, make_model

pytestmark = pytest.mark.django_db

State = TrainedModel.State


@pytest.fixture
def keep(editor: User) -> Callable[..., TrainedModel]:
    def kept(file: bytes = b"una versione", **given: Any) -> TrainedModel:
        facts = {
            "kind": "names", "lang": "it", "data_sha256": "0" * 64, "articles": 9, "held_articles": 3,
            "examples": 90, "before": 0.5, "after": 0.6, "seconds": 1.0, "read_after": Erasure.last_key(),
            "at": LATER,
        }  # fmt: skip
        return learning.keep(file=file, by=editor, **(facts | given))

    return kept


@pytest.fixture
def chief(editor: User, settings: Settings, tmp_path: Path) -> User:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    return User.objects.get(pk=editor.pk)


def in_use() -> list[int]:
    return list(TrainedModel.objects.in_use().values_list("pk", flat=True))


def test_a_version_that_is_not_worse_is_in_use_from_then_on(keep: Callable[..., TrainedModel]) -> None:
    first, alike = keep(after=0.5), keep()
    assert in_use() == [alike.pk]
    first.refresh_from_db()
    assert (first.state, bytes(first.file)) == (State.KEPT, b"una versione")
    other = keep(lang="en")
    assert set(in_use()) == {alike.pk, other.pk}


def test_a_version_that_is_worse_is_told_and_not_kept(keep: Callable[..., TrainedModel]) -> None:
    first, worse = keep(), keep(after=0.4)
    assert in_use() == [first.pk]
    assert (worse.state, worse.size, bytes(worse.file)) == (State.WORSE, 0, b"")
    assert [deed.after["kept"] for deed in Deed.objects.filter(verb="assistant.train")] == [False, True]


def test_of_many_versions_the_newest_keep_their_files_and_so_does_the_one_in_use(
    keep: Callable[..., TrainedModel], editor: User
) -> None:
    versions = [keep(at=LATER)]
    for _ in range(learning.KEPT + 1):
        versions.append(keep())
        learning.choose(versions[0], by=editor, at=LATER)
    states = list(TrainedModel.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.KEPT, State.CLEARED, *[State.KEPT] * learning.KEPT]
    assert in_use() == [versions[0].pk]


def test_an_earlier_version_is_chosen_again_and_one_is_laid_aside(
    keep: Callable[..., TrainedModel], editor: User
) -> None:
    first, second = keep(), keep()
    learning.choose(first, by=editor, at=LATER)
    assert in_use() == [first.pk]
    deed = Deed.objects.get(verb="assistant.choose")
    assert deed.before == {"in_use": [str(second.uuid)]}
    with pytest.raises(Refused):
        learning.choose(first, by=editor, at=LATER)
    learning.lay_aside(first, by=editor, at=LATER)
    assert in_use() == []
    with pytest.raises(Refused):
        learning.lay_aside(first, by=editor, at=LATER)


@pytest.mark.parametrize("state", ["worse", "cleared", "erased"])
def test_what_has_no_file_is_not_chosen(state: str, editor: User) -> None:
    with pytest.raises(Refused):
        learning.choose(make_model(state=state), by=editor, at=LATER)


def test_after_an_erasure_no_model_is_left_that_was_trained_before(chief: User) -> None:
    row, old = make_model(b"Zefirina Canarini", active=True), make_model(kind="worth")
    erasure = redact(["Zefirina Canarini"], reason="Lo ordina il Garante.", by=chief, at=LATER)
    for one in (row, old):
        one.refresh_from_db()
        assert (one.state, one.active, bytes(one.file), one.size) == (State.ERASED, False, b"", 0)
    assert "zefirina" not in dump().lower()
    deed = Deed.objects.get(verb="assistant.forget")
    assert {uuid for _noun, uuid in deed.objects_touched} == {str(row.uuid), str(old.uuid)}
    assert erasure.pk == Erasure.last_key()


def test_an_erasure_that_is_replayed_on_a_backup_does_the_same(chief: User) -> None:
    redact(["Zefirina Canarini"], reason="Lo ordina il Garante.", by=chief, at=LATER)
    said = redacting.entry(Erasure.objects.get())
    Erasure.objects.all().delete()
    row = make_model(active=True)
    replaying.replay([said], by=chief, at=LATER)
    row.refresh_from_db()
    assert (row.state, row.active) == (State.ERASED, False)


def test_what_was_read_before_an_erasure_is_not_kept_after_it(
    keep: Callable[..., TrainedModel], chief: User
) -> None:
    before = Erasure.last_key()
    redact(["Zefirina Canarini"], reason="Lo ordina il Garante.", by=chief, at=THEN)
    with pytest.raises(Overtaken):
        keep(read_after=before)
    assert not TrainedModel.objects.exists() and not Deed.objects.filter(verb="assistant.train").exists()
