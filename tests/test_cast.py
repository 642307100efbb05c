"""The cast is on the stage before each test, and what a test does is undone, committed or not."""

from __future__ import annotations

from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection
from django.test import Client

from newsroom.models import User


def test_the_cast_belongs_to_its_groups(reporter: User, checker: User, editor: User) -> None:
    members = {group.name: {*group.user_set.all()} for group in Group.objects.all()}
    assert members == {"Reporter": {reporter}, "Checker": {checker}, "Editor": {editor}}


def test_a_reader_is_nobody(reader: Client) -> None:
    assert "sessionid" not in reader.cookies


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_is_committed_is_seen_by_another_thread_and_undone_afterwards(
    committed: None, time: str
) -> None:
    assert not User.objects.filter(username="passer-by").exists()
    seen = []

    def add() -> None:
        User.objects.create(username="passer-by")
        connection.close()

    def look() -> None:
        seen.append(User.objects.filter(username="passer-by").exists())
        connection.close()

    for deed in (add, look):
        thread = Thread(target=deed)
        thread.start()
        thread.join()
    assert seen == [True]


def test_the_database_refuses_a_key_to_nothing(committed: None) -> None:
    with pytest.raises(IntegrityError):
        User.groups.through.objects.create(user_id=0, group_id=0)
