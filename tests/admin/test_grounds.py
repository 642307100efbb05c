"""What a public rating rests on is edited in the admin: no rating stands on as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from newsroom.models import Evidence, Review, User
from tests.admin.filling import save
from tests.making import level, make_claim, make_document, make_evidence, make_review

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture
def item() -> Evidence:
    return make_evidence(make_claim(accuses="no"), document=make_document(kind="primary"), checked="whole")


@pytest.fixture
def review(item: Evidence) -> Review:
    return make_review(claim=item.claim, level=level("false"), no_evidence_reason="")


def change(row: Model) -> str:
    return reverse(f"admin:newsroom_{row._meta.model_name}_change", args=[row.pk])


def state(review: Review) -> str:
    return Review.objects.get(pk=review.pk).state


def test_a_document_becomes_a_republication(
    signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    assert save(signed_in(editor), change(item.document), kind="republication").status_code == 302
    assert state(review) == "stale"


@pytest.mark.parametrize("changed", ["checked", "claim", "document"])
def test_an_item_is_not_opened_any_more_or_another_one(
    changed: str, signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    given = {
        "checked": "address",
        "claim": str(make_claim().pk),
        "document": str(make_document(kind="republication").pk),
    }
    assert save(signed_in(editor), change(item), **{changed: given[changed]}).status_code == 302
    assert state(review) == "stale"


@pytest.mark.parametrize(
    ("field", "value", "cause"),
    [("evidence-0-checked", "address", "document"), ("kind", "opinion", "desk")],
)
def test_a_claim_and_its_evidence_on_one_page(
    field: str, value: str, cause: str, signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    assert save(signed_in(editor), change(item.claim), **{field: value}).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.stale_cause) == ("stale", cause)


def test_a_claim_is_worded_otherwise(
    signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    save(signed_in(editor), change(item.claim), text="Il ponte costerà il doppio di tutto.")
    assert state(review) == "stale"


def test_a_note_for_the_desk_touches_no_rating(
    signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    save(signed_in(editor), change(item.claim), note="Da rileggere.")
    save(signed_in(editor), change(item), note="Da rileggere.")
    assert state(review) == "published"
