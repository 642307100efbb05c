"""The scale in the admin: what is in force is looked at, the next version is written and put in force."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import Deed, RatingLabel, RatingLevel, RatingScale, Review, User
from tests.admin.filling import messages, save
from tests.making import level

SignedIn = Callable[[User], Client]
LIST = "admin:newsroom_ratingscale_changelist"


@pytest.fixture
def client(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


def act(client: Client, action: str, scale: RatingScale) -> list[str]:
    posted = {"action": action, "_selected_action": [scale.pk], "index": "0"}
    return messages(client.post(reverse(LIST), posted, follow=True))


def begun(client: Client) -> RatingScale:
    act(client, "begin_next_version", RatingScale.objects.get())
    return RatingScale.objects.get(in_force_since=None)


@pytest.mark.parametrize("superuser", [False, True])
def test_what_is_in_force_is_only_looked_at(client: Client, editor: User, superuser: bool) -> None:
    User.objects.filter(pk=editor.pk).update(is_superuser=superuser)
    row = level("false")
    kept = list(RatingLevel.objects.values()), list(RatingLabel.objects.values())
    for page, field in (
        (reverse("admin:newsroom_ratingscale_change", args=[row.scale_id]), "name"),
        (reverse("admin:newsroom_ratinglevel_change", args=[row.pk]), "tone"),
        (reverse("admin:newsroom_ratinglabel_change", args=[row.labels.first().pk]), "label"),
    ):
        opened = client.get(page)
        assert opened.status_code == 200
        assert f'name="{field}"' not in opened.content.decode()
        assert "levels-0-code_name" not in opened.content.decode()
        assert "labels-0-label" not in opened.content.decode()
        assert client.post(page, {field: "true"}).status_code == 403
    assert (list(RatingLevel.objects.values()), list(RatingLabel.objects.values())) == kept
    assert client.get(reverse("admin:newsroom_ratinglevel_add")).status_code == 403
    assert client.get(reverse("admin:newsroom_ratinglabel_add")).status_code == 403


def test_the_next_version_is_begun_written_and_put_in_force(client: Client) -> None:
    reviewed = list(Review.objects.order_by("pk").values())
    draft = begun(client)
    row = draft.levels.get(code_name="false")
    label = row.labels.get(lang="it")
    save(client, reverse("admin:newsroom_ratinglevel_change", args=[row.pk]), underline="dashed")
    save(client, reverse("admin:newsroom_ratinglabel_change", args=[label.pk]), label="Smentito")
    save(client, reverse("admin:newsroom_ratingscale_change", args=[draft.pk]), name="Scala nuova")
    row.refresh_from_db()
    assert (row.underline, row.labels.get(lang="it").label) == ("dashed", "Smentito")
    assert RatingScale.objects.current().get() != draft

    assert act(client, "put_in_force", draft)[-1] == "In vigore: Scala nuova (2)."
    assert RatingScale.objects.current().get() == draft
    assert list(Review.objects.order_by("pk").values()) == reviewed
    assert level_of_the_first("false").labels.get(lang="it").label == "Falso"
    verbs = Deed.objects.filter(verb__startswith="scale.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["scale.begin", "scale.enforce"]


def level_of_the_first(code_name: str) -> RatingLevel:
    return RatingLevel.objects.get(scale__version=1, code_name=code_name)


def test_a_version_that_lacks_a_word_is_not_put_in_force(client: Client) -> None:
    draft = begun(client)
    RatingLabel.objects.filter(level__scale=draft, lang="en").first().delete()
    (message,) = act(client, "put_in_force", draft)
    assert "etichette" in message and "nglese" in message
    draft.refresh_from_db()
    assert draft.in_force_since is None


def test_a_checker_looks_and_decides_nothing(signed_in: SignedIn, checker: User) -> None:
    client = signed_in(checker)
    scale = RatingScale.objects.get()
    assert client.get(reverse("admin:newsroom_ratingscale_change", args=[scale.pk])).status_code == 200
    act(client, "begin_next_version", scale)
    assert RatingScale.objects.count() == 1
