"""While words are erased nobody writes them anew behind the back of the one who looks."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from pytest_django import Settings

from newsroom.actions import claims
from newsroom.actions.erasure import redact
from newsroom.models import Claim, Deed, User
from newsroom.outside import erasures
from tests.actions.at_once import at_once
from tests.making import LATER, make_claim
from tests.waiting import somebody_waits

NAME = "Nerina Sottovoce"


@pytest.fixture
def chief(committed: None, editor: User) -> User:
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    return User.objects.get(pk=editor.pk)


def test_two_who_erase_the_same_and_one_who_writes_it_come_one_after_the_other(
    chief: User, settings: Settings, tmp_path: Path
) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    make_claim(text=f"{NAME} tace.")

    def erase() -> object:
        return redact([NAME], reason="Lo chiede.", by=chief, at=LATER)

    def write() -> object:
        return claims.add(text=f"{NAME} parla.", by=chief, at=LATER)

    answers = at_once([erase, write, erase])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    verbs = list(Deed.objects.order_by("pk").values_list("verb", flat=True))[-3:]
    # What was written before the last erasure went with it; what was written after it is a new deed.
    told = Claim.objects.filter(text__contains=NAME)
    assert told.count() == (1 if verbs[-1] == "claim.add" else 0)
    assert not told.filter(text__contains="tace").exists()
    assert len(erasures.listed(settings.ERASURES_FILE)) == 2


def test_an_erasure_queues_for_who_is_writing_and_takes_what_they_wrote(
    chief: User, settings: Settings, tmp_path: Path
) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    wrote = Event()

    def write() -> None:
        with transaction.atomic():
            make_claim(text=f"{NAME} parla.")
            wrote.set()
            while connection.vendor == "postgresql" and not somebody_waits():
                pass
        connection.close()

    somebody = Thread(target=write)
    somebody.start()
    assert wrote.wait(timeout=30)
    erasure = redact([NAME], reason="Lo chiede.", by=chief, at=LATER)
    somebody.join()
    assert erasure.places["claim.text"] == 1
    assert not Claim.objects.filter(text__contains=NAME).exists()
