"""Relations between claims in the admin: the same deeds, with the same refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.actions import relations
from newsroom.models import ClaimRelation, Deed, User
from tests.admin.filling import filled, save
from tests.making import LATER, make_claim, make_relation

SignedIn = Callable[[User], Client]

ADD = "admin:newsroom_claimrelation_add"


@pytest.fixture
def client(signed_in: SignedIn, checker: User) -> Client:
    return signed_in(checker)


def change_page(relation: ClaimRelation) -> str:
    return reverse("admin:newsroom_claimrelation_change", args=[relation.pk])


def verbs() -> list[str]:
    return [deed.verb for deed in Deed.objects.order_by("-pk")[:2]]


def test_a_relation_is_added_by_its_deed(client: Client) -> None:
    one, other = make_claim(), make_claim()
    answer = client.post(
        reverse(ADD), {"source": one.pk, "target": other.pk, "kind": "supports", "strength": "", "note": ""}
    )
    assert answer.status_code == 302
    relation = ClaimRelation.objects.latest("pk")
    assert (relation.source, relation.target) == (one, other)
    assert verbs()[0] == "relation.add"


def test_what_the_deed_refuses_comes_back_with_its_reason(client: Client) -> None:
    relation = make_relation(kind="part_of")
    said = {"source": relation.target_id, "target": relation.source_id, "kind": "part_of", "note": "Sì."}
    answer = client.post(reverse(ADD), said)
    assert answer.status_code == 422
    assert "farebbe parte di sé stessa" in answer.content.decode()
    assert "Sì." in answer.content.decode()
    assert ClaimRelation.objects.filter(kind="part_of").count() == 1


def test_a_relation_is_changed_by_its_deed_between_the_same_claims(client: Client) -> None:
    relation = make_relation()
    ends = (relation.source_id, relation.target_id)
    answer = save(client, change_page(relation), kind="repeats", source=str(make_claim().pk))
    assert answer.status_code == 302
    relation.refresh_from_db()
    assert (relation.kind, relation.source_id, relation.target_id) == ("repeats", *ends)
    assert verbs()[0] == "relation.change"


def test_who_comes_second_is_told(client: Client, editor: User) -> None:
    relation = make_relation()
    typed = filled(client.get(change_page(relation)), note="La mia.")
    relations.change(relation, version=relation.version, kind="repeats", by=editor, at=LATER)
    answer = client.post(change_page(relation), typed)
    assert answer.status_code == 409
    assert str(editor) in answer.content.decode()
    relation.refresh_from_db()
    assert (relation.kind, relation.note) == ("repeats", "")


def test_relations_are_deleted_by_their_deed_one_or_many(client: Client) -> None:
    rows = [make_relation() for _number in range(3)]
    one = reverse("admin:newsroom_claimrelation_delete", args=[rows[0].pk])
    assert client.post(one, {"post": "yes"}).status_code == 302
    posted = {
        "action": "delete_selected",
        "_selected_action": [row.pk for row in rows[1:]],
        "post": "yes",
    }
    client.post(reverse("admin:newsroom_claimrelation_changelist"), posted)
    assert not ClaimRelation.objects.filter(pk__in=[row.pk for row in rows]).exists()
    assert verbs() == ["relation.remove", "relation.remove"]
    assert Deed.objects.filter(verb="relation.remove").count() == 3


def test_a_claim_shows_its_relations_both_ways_and_leads_to_where_they_are_written(client: Client) -> None:
    claim = make_claim()
    out, back = make_relation(claim), make_relation(target=claim)
    page = client.get(reverse("admin:newsroom_claim_change", args=[claim.pk])).content.decode()
    assert out.target.text in page and back.source.text in page
    assert reverse("desk:relations", args=[claim.code]) in page
    assert "relations_out-0-kind" not in page


def test_a_reporter_writes_none(signed_in: SignedIn, reporter: User) -> None:
    client, relation = signed_in(reporter), make_relation()
    assert client.get(reverse(ADD)).status_code == 403
    assert client.post(change_page(relation), {"kind": "repeats"}).status_code == 403
