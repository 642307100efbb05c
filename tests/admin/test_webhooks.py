"""Webhooks in the admin: added, tried out, renewed; the secret is shown once."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from newsroom.models import Deed, Delivery, User, Webhook
from tests.admin.filling import save
from tests.local_web import LocalWeb
from tests.making import make_delivery, make_webhook

pytestmark = pytest.mark.django_db

ADD, LIST = "admin:newsroom_webhook_add", "admin:newsroom_webhook_changelist"
GIVEN = {
    "name": "Il motore",
    "address": "https://receiver.example/hook",
    "events": ["article.published", "review.stale"],
    "active": "on",
}


@pytest.fixture
def client(signed_in: Callable[[User], Client], editor: User) -> Client:
    return signed_in(editor)


def secret_of(webhook: Webhook) -> str:
    return f"whsec_{base64.b64encode(webhook.key).decode()}"


def test_an_editor_adds_one_and_is_shown_its_secret_once(client: Client, editor: User) -> None:
    shown = client.post(reverse(ADD), GIVEN)
    webhook = Webhook.objects.get()
    assert (webhook.by, webhook.events, webhook.active) == (editor, GIVEN["events"], True)
    assert secret_of(webhook) in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    pages = [reverse(LIST), reverse("admin:newsroom_webhook_change", args=[webhook.pk]), reverse(ADD)]
    assert not [page for page in pages if secret_of(webhook) in client.get(page).content.decode()]
    deed = Deed.objects.get(verb="admin.add")
    assert deed.objects_touched == [["webhook", str(webhook.uuid)]]
    assert secret_of(webhook) not in str(deed.after)


def test_what_cannot_be_told_is_refused(client: Client) -> None:
    for wrong in ({"events": []}, {"address": "receiver"}, {"name": ""}):
        assert client.post(reverse(ADD), GIVEN | wrong).status_code in (200, 422)
    assert not Webhook.objects.exists()


def test_a_new_secret_is_another_one(client: Client) -> None:
    webhook = make_webhook()
    before = secret_of(webhook)
    given = {"action": "renew_selected", ACTION_CHECKBOX_NAME: [webhook.pk]}
    shown = client.post(reverse(LIST), given).content.decode()
    webhook.refresh_from_db()
    assert secret_of(webhook) in shown and before not in shown
    assert Deed.objects.get(verb="admin.change").after == {"fields": ["serial"]}


def test_a_test_is_sent_and_the_deliveries_show_how_it_went(client: Client, web: LocalWeb) -> None:
    webhook = make_webhook(address=web.url("/hook"))
    given = {"action": "try_selected", ACTION_CHECKBOX_NAME: [webhook.pk]}
    assert client.post(reverse(LIST), given).status_code == 302
    assert [path for _host, path in web.asked] == ["/hook"]
    delivery = Delivery.objects.get()
    assert (delivery.event, delivery.state, delivery.deed) == ("webhook.test", "sent", None)
    assert "webhook.test" in client.get(reverse("admin:newsroom_delivery_changelist")).content.decode()


def test_who_makes_it_active_again_gives_it_its_whole_time(client: Client) -> None:
    webhook = make_webhook(active=False, stopped_at=now(), failing_since=now())
    change = reverse("admin:newsroom_webhook_change", args=[webhook.pk])
    assert save(client, change, active="on").status_code == 302
    webhook.refresh_from_db()
    assert (webhook.active, webhook.stopped_at, webhook.failing_since) == (True, None, None)


@pytest.mark.parametrize("who", ["reporter", "checker"])
def test_it_is_for_editors(signed_in: Callable[[User], Client], who: str) -> None:
    make_delivery()
    client = signed_in(User.objects.get(username=who))
    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(reverse("admin:newsroom_delivery_changelist")).status_code == 403
