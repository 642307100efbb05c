"""What the assistant learned, in the admin: looked at, chosen, laid aside; a damaged file is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import TrainedModel, User
from tests.admin.filling import messages
from tests.making import make_model

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
LIST = "admin:newsroom_trainedmodel_changelist"


def act(client: Client, action: str, *rows: TrainedModel) -> list[str]:
    posted = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    return messages(client.post(reverse(LIST), posted, follow=True))


def test_an_editor_goes_back_to_an_earlier_version_and_to_the_rules(
    signed_in: SignedIn, editor: User
) -> None:
    client, old = signed_in(editor), make_model()
    new = make_model(active=True)
    assert act(client, "choose_selected", old)[-1].startswith("In uso:")
    assert TrainedModel.objects.in_use().get() == old
    assert act(client, "lay_aside_selected", old)[-1].startswith("Messo da parte:")
    assert not TrainedModel.objects.in_use().exists()
    assert "non è in uso" in act(client, "lay_aside_selected", new)[-1]


def test_a_version_whose_file_is_gone_is_refused_in_words(signed_in: SignedIn, editor: User) -> None:
    client, gone = signed_in(editor), make_model(state="erased")
    assert "scegline un’altra" in act(client, "choose_selected", gone)[-1]
    assert "si sono cancellate parole" in client.get(reverse(LIST)).content.decode()


def test_a_file_that_cannot_be_read_is_told(signed_in: SignedIn, editor: User) -> None:
    client, row = signed_in(editor), make_model(b"guasto", active=True)
    assert "guasto: si usano le regole" in client.get(reverse(LIST)).content.decode()
    page = reverse("admin:newsroom_trainedmodel_change", args=[row.pk])
    assert "guasto: si usano le regole" in client.get(page).content.decode()


def test_a_checker_looks_and_chooses_nothing(signed_in: SignedIn, checker: User) -> None:
    client, row = signed_in(checker), make_model()
    assert client.get(reverse(LIST)).status_code == 200
    act(client, "choose_selected", row)
    assert not TrainedModel.objects.in_use().exists()
