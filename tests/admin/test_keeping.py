"""Plain rows in the admin: a save leaves its deed, without values, and history keeps what was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from newsroom.models import Claim, ConfidentialSource, Deed, Entity, EntityAlias, Source, User
from tests.admin.filling import save

SignedIn = Callable[[User], Client]


@pytest.fixture
def client(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


def latest() -> Deed:
    return Deed.objects.latest("id")


def test_a_changed_row_leaves_a_deed_with_the_names_of_its_fields(client: Client, editor: User) -> None:
    claim = Claim.objects.first()
    save(client, reverse("admin:newsroom_claim_change", args=[claim.pk]), note="Da rileggere.")

    deed = latest()
    assert (deed.verb, deed.actor, deed.after) == ("admin.change", editor, {"fields": ["note"]})
    assert deed.objects_touched == [["claim", str(claim.uuid)]]


def test_an_added_row_leaves_a_deed(client: Client) -> None:
    save(client, reverse("admin:newsroom_document_add"), title="Un rapporto", lang="it")
    assert latest().verb == "admin.add"


def test_a_row_saved_as_it_was_leaves_none(client: Client) -> None:
    count = Deed.objects.count()
    save(client, reverse("admin:newsroom_claim_change", args=[Claim.objects.first().pk]))
    assert Deed.objects.count() == count


def test_an_alias_is_deleted_and_the_deed_says_so(client: Client) -> None:
    alias = EntityAlias.objects.first()
    client.post(reverse("admin:newsroom_entityalias_delete", args=[alias.pk]), {"post": "yes"})

    assert not EntityAlias.objects.filter(pk=alias.pk).exists()
    assert (latest().verb, latest().objects_touched) == ("admin.delete", [["entityalias", str(alias.uuid)]])


def test_aliases_deleted_together_leave_a_deed(client: Client) -> None:
    chosen = [alias.pk for alias in EntityAlias.objects.all()[:2]]
    posted = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    client.post(reverse("admin:newsroom_entityalias_changelist"), posted)

    assert not EntityAlias.objects.filter(pk__in=chosen).exists()
    assert len(latest().objects_touched) == 2


def test_a_row_beside_another_is_in_its_deed(client: Client) -> None:
    entity = Entity.objects.filter(aliases__isnull=False).first()
    alias = entity.aliases.first()
    page = reverse("admin:newsroom_entity_change", args=[entity.pk])
    save(client, page, **{"aliases-0-name": "Un altro nome"})
    assert ["entityalias", str(alias.uuid)] in latest().objects_touched


def test_history_shows_what_a_row_was(client: Client) -> None:
    entity = Entity.objects.first()
    page = reverse("admin:newsroom_entity_change", args=[entity.pk])
    save(client, page, description="Prima.")
    save(client, page, description="Dopo.")
    history = client.get(reverse("admin:newsroom_entity_history", args=[entity.pk])).content.decode()
    assert "Prima." in history
    assert "Dopo." in history
    record = entity.history.earliest()
    earlier = reverse("admin:newsroom_entity_simple_history", args=[entity.pk, record.pk])
    assert client.get(earlier).status_code == 200


def test_of_a_confidential_source_the_logs_keep_only_that_it_was_touched(client: Client) -> None:
    source = Source.objects.create(kind="person", name="Una persona informata")
    said = {"real_name": "Nerina Sottovoce", "contact": "Nerina", "note": "Nerina", "reason": "Nerina"}
    client.post(reverse("admin:newsroom_confidentialsource_add"), {"source": source.pk, **said})
    page = reverse("admin:newsroom_confidentialsource_change", args=[source.pk])
    save(client, page, note="Nerina, di nuovo")

    assert ConfidentialSource.objects.get().note == "Nerina, di nuovo"
    deeds = list(Deed.objects.order_by("-id")[:2])
    assert [(deed.verb, deed.after) for deed in deeds] == [("admin.change", {}), ("admin.add", {})]
    assert all(deed.objects_touched == [["source", str(source.uuid)]] for deed in deeds)
    logged = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert len(logged) == 2
    assert not any("Nerina" in line for line in logged)


def test_who_a_confidential_source_is_stays_with_that_source(client: Client) -> None:
    source, other = (Source.objects.create(kind="person", name=name) for name in ("Una fonte", "Un’altra"))
    row = ConfidentialSource.objects.create(source=source, real_name="Ada", reason="Rischia il posto.")
    page = reverse("admin:newsroom_confidentialsource_change", args=[row.pk])
    assert save(client, page, source=str(other.pk), note="Da sentire.").status_code == 302
    assert [(kept.source, kept.note) for kept in ConfidentialSource.objects.all()] == [
        (source, "Da sentire.")
    ]


@pytest.mark.parametrize("key", ["46Gô", "0x1", "٣", "1 2", "-1"])
def test_the_history_of_what_is_no_key_is_not_there(key: str, client: Client) -> None:
    source = Source.objects.first()
    for there in (f"{key}/history/", f"{source.pk}/history/{key}/", f"{key}/history/1/"):
        assert client.get(f"/admin/newsroom/source/{there}").status_code == 404
