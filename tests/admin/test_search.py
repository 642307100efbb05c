"""What an editor writes in the admin is found at once, and what was deleted there is not found any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from newsroom.models import Article, Claim, Entity, EntityAlias, User
from tests.admin.filling import save
from tests.making import make_entity


@pytest.fixture
def client(signed_in: Callable[[User], Client], editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture(autouse=True)
def in_step(client: Client):
    yield
    call_command("rebuild_search", "--check", verbosity=0)


def test_a_claim_and_its_wordings_are_found_as_they_were_saved(client: Client) -> None:
    claim = Claim.objects.filter(wordings__lang="en").first()
    address = reverse("admin:newsroom_claim_change", args=[claim.pk])
    save(client, address, text="Parolanuova.", **{"wordings-0-text": "Rareword."})
    assert list(Claim.objects.search("parolanuova rareword")) == [claim]
    save(client, address, **{"wordings-0-DELETE": "on"})
    assert not Claim.objects.search("rareword").exists()


def test_an_alias_is_found_until_it_is_deleted_with_the_entity_open(client: Client) -> None:
    entity = make_entity()
    EntityAlias.objects.create(entity=entity, name="Vecchionome")
    address = reverse("admin:newsroom_entity_change", args=[entity.pk])
    save(client, address, **{"aliases-0-name": "Nuovonome"})
    assert list(Entity.objects.search("nuovonome")) == [entity]
    save(client, address, **{"aliases-0-DELETE": "on"})
    assert not Entity.objects.search("nuovonome").exists()


def test_aliases_deleted_together_are_found_no_more(client: Client) -> None:
    rows = [EntityAlias.objects.create(entity=make_entity(), name=f"Nome{number}") for number in range(2)]
    posted = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    client.post(reverse("admin:newsroom_entityalias_changelist"), posted)
    assert not Entity.objects.search("nome0").exists() and not Entity.objects.search("nome1").exists()


def test_a_headline_is_found_as_it_was_saved(client: Client) -> None:
    article = Article.objects.get()
    save(client, reverse("admin:newsroom_article_change", args=[article.pk]), headline="Parolanuova")
    assert list(Article.objects.search("parolanuova")) == [article]
