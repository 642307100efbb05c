"""Threads, comments, notices, presences, saved views in the admin: shown to those who may, never written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.models import Comment, Notice, Presence, SavedView, Thread, User
from tests.making import (
    THEN,
    make_annotation,
    make_article,
    make_comment,
    make_notice,
    make_thread,
    make_user,
)

SignedIn = Callable[[User], Client]

OF_THE_DESK = [Thread, Comment, Notice, Presence, SavedView]


def make_rows(number: int) -> None:
    """As many rows of each kind, and more of what they hang on."""
    for index in range(number):
        user, article = make_user(), make_article()
        thread = make_thread(make_annotation(article, "Il ponte"), resolved_by=user)
        make_notice(user=user, comment=make_comment(thread, body=f"Commento {index}"))
        make_thread()
        Presence.objects.create(user=user, article=article, seen_at=THEN)
        SavedView.objects.create(user=user, name="Bozze", query="state=drafts")


@pytest.fixture
def superuser(signed_in: SignedIn, editor: User) -> Client:
    editor.is_superuser = True
    editor.save()
    return signed_in(editor)


def name_of(model: type[Model]) -> str:
    return model._meta.model_name


@pytest.mark.parametrize("model", OF_THE_DESK, ids=name_of)
def test_a_list_costs_the_same_for_one_row_and_for_many(superuser: Client, model: type[Model]) -> None:
    page = reverse(f"admin:newsroom_{name_of(model)}_changelist")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert superuser.get(page, {"q": "o"}).status_code == 200
        return len(queries)

    make_rows(1)
    cost()  # content types are read once for all
    few = cost()
    make_rows(8)
    assert cost() == few <= 15


@pytest.mark.parametrize("model", OF_THE_DESK, ids=name_of)
def test_nobody_writes_or_deletes_there(superuser: Client, model: type[Model]) -> None:
    make_rows(1)
    row = model._default_manager.first()
    assert superuser.get(reverse(f"admin:newsroom_{name_of(model)}_add")).status_code == 403
    for view in ("change", "delete"):
        address = reverse(f"admin:newsroom_{name_of(model)}_{view}", args=[row.pk])
        assert superuser.post(address, {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


def test_a_thread_shows_what_was_said(signed_in: SignedIn, editor: User) -> None:
    thread = make_thread(body="Chi lo dice?")
    make_comment(thread, body="La relazione, a pagina 3.")
    shown = signed_in(editor).get(reverse("admin:newsroom_thread_change", args=[thread.pk]))
    assert "Chi lo dice?" in shown.content.decode()
    assert "La relazione, a pagina 3." in shown.content.decode()


@pytest.mark.parametrize(("who", "answer"), [("reporter", 403), ("checker", 403), ("editor", 200)])
def test_whose_mail_failed_is_for_editors(signed_in: SignedIn, rows: None, who: str, answer: int) -> None:
    client = signed_in(User.objects.get(username=who))
    assert client.get(reverse("admin:newsroom_notice_changelist")).status_code == answer
