"""What a public rating rests on is edited in the admin: no rating stands on as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from newsroom.models import ClaimWording, ConfidentialSource, Evidence, Review, User
from tests.admin.filling import filled, save
from tests.making import (
    level,
    make_appearance,
    make_claim,
    make_document,
    make_entity,
    make_evidence,
    make_request,
    make_review,
    make_source,
)

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


@pytest.mark.parametrize("beside", [False, True], ids=["its own page", "the page of the claim"])
def test_an_item_says_something_else(
    beside: bool, signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    address = change(item.claim if beside else item)
    field = "evidence-0-stance" if beside else "stance"
    other = "supports" if item.stance != "supports" else "refutes"
    assert save(signed_in(editor), address, **{field: other}).status_code == 302
    assert state(review) == "stale"


def test_words_in_another_language_beside_a_public_rating_are_an_editors(
    signed_in: SignedIn, checker: User, editor: User, review: Review
) -> None:
    wording = ClaimWording.objects.create(claim=review.claim, lang="en", text="The bridge costs ten.")
    desk = signed_in(checker)
    assert "wordings-0-text" not in filled(desk.get(change(review.claim)))
    assert desk.post(change(wording), {"text": "It is free.", "lang": "en", "claim": "1"}).status_code == 403
    adding = {"text": "È gratis.", "lang": "fr", "claim": str(review.claim_id)}
    assert desk.post(reverse("admin:newsroom_claimwording_add"), adding).status_code == 403
    posted = {"action": "delete_selected", "_selected_action": [wording.pk], "post": "yes"}
    assert desk.post(reverse("admin:newsroom_claimwording_changelist"), posted).status_code == 403
    wording.refresh_from_db()
    assert wording.text == "The bridge costs ten."
    assert save(signed_in(editor), change(wording), text="The bridge costs 10.").status_code == 302
    unrated = ClaimWording.objects.create(claim=make_claim(), lang="en", text="Something.")
    assert save(desk, change(unrated), text="Something else.").status_code == 302


def test_an_item_becomes_one_of_another_document_or_claim(
    signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    """Though the rating would still have ground."""
    make_evidence(item.claim, document=make_document(kind="primary"), checked="whole")
    desk = signed_in(editor)
    other = make_evidence(make_claim(), document=make_document(kind="primary"), checked="whole")
    beside = make_review(claim=other.claim)
    assert save(desk, change(item), document=str(make_document(kind="primary").pk)).status_code == 302
    assert state(review) == "stale"
    assert save(desk, change(other), claim=str(make_claim().pk)).status_code == 302
    assert state(beside) == "stale"


def test_who_may_not_lift_a_protection_does_not_untie_it_from_its_source(
    signed_in: SignedIn, reporter: User, editor: User
) -> None:
    source = make_source(entity=make_entity(privacy="minor"))
    secret = make_source(desk_only=True)
    ConfidentialSource.objects.create(source=secret, real_name="Ada", reason="Rischia il posto.")
    for user, may in ((reporter, False), (editor, True)):
        desk = signed_in(user)
        assert ("entity" in filled(desk.get(change(source)))) == may
        assert ("desk_only" in filled(desk.get(change(secret)))) == may


@pytest.mark.parametrize(
    ("field", "value"), [("title", "Un altro rapporto"), ("url", "https://altrove.example/")]
)
def test_a_document_becomes_another_one(
    field: str, value: str, signed_in: SignedIn, editor: User, item: Evidence, review: Review
) -> None:
    assert save(signed_in(editor), change(item.document), **{field: value}).status_code == 302
    assert state(review) == "stale"


def test_what_was_approved_of_an_appearance_waits_again_when_the_claim_is_worded_otherwise(
    signed_in: SignedIn, editor: User, checker: User
) -> None:
    """Though the words of the article, which it judges, still stand there."""
    approved = make_review(make_appearance(), state="approved", author=checker)
    address = change(approved.claim)
    assert save(signed_in(editor), address, text="Il ponte costerà il doppio di tutto.").status_code == 302
    assert state(approved) == "proposed"
    posted = {"action": "publish_selected", "_selected_action": [approved.pk], "index": "0"}
    signed_in(checker).post(reverse("admin:newsroom_review_changelist"), posted)
    assert state(approved) == "proposed"


@pytest.mark.parametrize("stated", ["approved", "published"])
def test_a_claim_comes_to_accuse_somebody_else(stated: str, signed_in: SignedIn, editor: User) -> None:
    """Who was asked for comment was another one."""
    claim = make_claim(accuses="yes", accused="il Comune")
    request = make_request(claim=claim, whom="il Comune")
    confirmed = dict.fromkeys(Review.Confirmation.values, True)
    given = make_review(claim=claim, state=stated, accuses=True, no_request_reason="È morto.", **confirmed)
    assert save(signed_in(editor), change(claim), accused="la Provincia").status_code == 302
    assert state(given) == {"approved": "proposed", "published": "stale"}[stated]
    claim.refresh_from_db()
    assert (claim.accused, list(claim.requests.of_the_accused(claim))) == ("la Provincia", [])
    request.refresh_from_db()
    assert request.whom == "il Comune"
