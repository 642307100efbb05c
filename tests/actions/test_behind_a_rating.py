"""What is changed behind a rating that was approved or is public: it never goes on as if nothing had been."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from newsroom.actions import claims, documents, evidence, requests, reviews
from newsroom.actions.refusals import Refused
from newsroom.models import Claim, Deed, Document, Evidence, RequestForComment, Review, User
from tests.making import (
    LATER,
    THEN,
    level,
    make_appearance,
    make_claim,
    make_document,
    make_evidence,
    make_review,
    make_source,
)

pytestmark = pytest.mark.django_db

CONFIRMED = Review.Confirmation.values


def may_override(user: User) -> User:
    user.user_permissions.add(Permission.objects.get(codename="override_review"))
    return User.objects.get(pk=user.pk)


def approved_for(author: User, **given: Any) -> Review:
    """A review by this editor, of a claim that accused nobody when another one approved it."""
    review = make_review(state="approved", author=author, **given)
    claims.weigh(review.claim, accuses="yes", accused="il Comune", by=author, at=LATER)
    return Review.objects.get(pk=review.pk)


@pytest.mark.parametrize(
    "given",
    [
        {"confirmed": CONFIRMED, "no_request_reason": "Non risponde mai."},
        {"override_reason": "Lo decido io."},
        {"no_request_reason": "Non risponde mai."},
    ],
)
def test_an_author_adds_nothing_to_the_approval_of_another(given: dict[str, Any], editor: User) -> None:
    review = approved_for(may_override(editor))
    with pytest.raises(Refused) as refused:
        reviews.publish(review, **given, by=may_override(editor), at=LATER)
    assert refused.value.code == "four-eyes"
    review.refresh_from_db()
    assert review.state == "approved"


def test_an_author_publishes_what_another_approved_as_it_was_approved(editor: User) -> None:
    review = make_review(
        claim=make_claim(accuses="yes", accused="il Comune"),
        state="approved",
        author=editor,
        accuses=True,
        no_request_reason="È morto.",
        **dict.fromkeys(CONFIRMED, True),
    )
    given = {"confirmed": CONFIRMED, "no_request_reason": "È morto."}
    assert reviews.publish(review, **given, by=editor, at=LATER).state == "published"


def test_a_claim_that_reads_otherwise_by_now_is_not_published(editor: User) -> None:
    review = make_review(state="approved")
    Claim.objects.filter(pk=review.claim_id).update(text="Il ponte costerà il doppio di tutto.")
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == "words"


# Public ratings


def false_on_what_was_opened() -> tuple[Review, Evidence]:
    item = make_evidence(make_claim(), document=make_document(kind="primary"), checked="whole")
    return make_review(claim=item.claim, level=level("false"), no_evidence_reason=""), item


def republish(item: Evidence, by: User) -> None:
    version = Document.objects.get(pk=item.document_id).row_version
    documents.change(item.document, changes={"kind": "republication"}, by=by, at=LATER, row_version=version)


def unopen(item: Evidence, by: User) -> None:
    evidence.change(item, changes={"checked": "address"}, by=by, at=LATER, row_version=item.row_version)


@pytest.mark.parametrize("take_away", [republish, unopen])
def test_false_that_rests_on_a_republication_alone_is_to_be_checked_again(
    take_away: Any, editor: User
) -> None:
    review, item = false_on_what_was_opened()
    take_away(item, editor)
    review.refresh_from_db()
    assert (review.state, review.stale_cause, review.stale_at) == ("stale", "document", LATER)


@pytest.mark.parametrize("take_away", [republish, unopen])
def test_a_rating_that_has_enough_beside_it_stays(take_away: Any, editor: User) -> None:
    review, item = false_on_what_was_opened()
    make_evidence(item.claim, document=make_document(kind="primary"), checked="whole")
    take_away(item, editor)
    review.refresh_from_db()
    assert review.state == "published"


def edited(claim: Claim, by: User, **fields: Any) -> None:
    """As a form of the admin does: the row is saved, then what it says now is held against what it said."""
    was = Claim.objects.get(pk=claim.pk)
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.save()
    claims.follow(claim, was=was, by=by, at=LATER)


@pytest.mark.parametrize(
    ("fields", "given"),
    [
        ({"text": "Il ponte costerà il doppio di tutto."}, {}),
        ({"kind": "opinion"}, {}),
        ({"claimant": "another"}, {"judges": "attribution"}),
    ],
)
def test_a_public_rating_of_what_the_claim_said_before_is_to_be_checked_again(
    fields: dict[str, Any], given: dict[str, Any], editor: User
) -> None:
    review = make_review(claim=make_claim(claimant=make_source()), **given)
    edited(review.claim, editor, **{n: make_source() if v == "another" else v for n, v in fields.items()})
    review.refresh_from_db()
    assert (review.state, review.stale_cause, review.stale_at) == ("stale", "desk", LATER)
    assert review.stale_reason


@pytest.mark.parametrize(
    "fields", [{"note": "Da rileggere."}, {"claimant": "another"}, {"kind": "statistic"}]
)
def test_what_is_beside_the_point_of_a_rating_leaves_it(fields: dict[str, Any], editor: User) -> None:
    review = make_review(claim=make_claim(claimant=make_source()))
    edited(review.claim, editor, **{n: make_source() if v == "another" else v for n, v in fields.items()})
    review.refresh_from_db()
    assert review.state == "published"


def test_other_quotation_marks_are_the_same_claim(editor: User) -> None:
    review = make_review(claim=make_claim(text="Il «ponte» costa."))
    edited(review.claim, editor, text="Il “ponte” costa.")
    review.refresh_from_db()
    assert review.state == "published"


# What was approved, and is not public yet


def test_an_approval_lapses_when_the_claim_is_worded_otherwise(editor: User) -> None:
    review = make_review(make_appearance(), state="approved", **dict.fromkeys(CONFIRMED, True))
    edited(review.claim, editor, text="Il ponte costerà il doppio di tutto.")
    review.refresh_from_db()
    assert (review.state, review.approver, review.confirmed) == ("proposed", None, [])
    deed = Deed.objects.get(verb="review.lapse")
    assert deed.actor == editor and deed.after["reason"]


def test_an_approval_stands_when_a_note_of_its_claim_changes(editor: User) -> None:
    review = make_review(make_appearance(), state="approved")
    edited(review.claim, editor, note="Da rileggere.")
    review.refresh_from_db()
    assert review.state == "approved"


# Whom a claim accuses


def accusing(accused: str = "il Comune") -> Claim:
    return make_claim(accuses="yes", accused=accused)


def asked(claim: Claim, by: User) -> RequestForComment:
    request = requests.ask_for_comment(
        claim, asked="La sindaca", how="Per telefono", asked_at=THEN, by=by, at=LATER
    )
    return requests.note_answer(request, answer="Non è vero.", answered_at=LATER, by=by, at=LATER)


def test_who_was_asked_is_not_another_one_who_is_accused(editor: User, checker: User) -> None:
    claim = accusing()
    asked(claim, checker)
    review = make_review(claim=claim, state="proposed", author=checker)
    claims.weigh(claim, accuses="yes", accused="la Provincia", by=checker, at=LATER)
    with pytest.raises(Refused) as refused:
        reviews.approve(review, confirmed=CONFIRMED, by=editor, at=LATER)
    assert refused.value.code == "request"
    claims.weigh(claim, accuses="yes", accused="il Comune", by=checker, at=LATER)
    assert reviews.approve(review, confirmed=CONFIRMED, by=editor, at=LATER).state == "approved"


def test_who_was_asked_before_anybody_said_whom_it_accuses_was_the_first_of_them(checker: User) -> None:
    claim = make_claim(accuses="")
    request = asked(claim, checker)
    claims.weigh(claim, accuses="yes", accused="il Comune", by=checker, at=LATER)
    request.refresh_from_db()
    assert request.whom == "il Comune"


def test_a_public_rating_of_a_claim_that_accuses_somebody_else_is_to_be_checked_again(editor: User) -> None:
    claim = accusing()
    confirmed = dict.fromkeys(CONFIRMED, True)
    review = make_review(claim=claim, accuses=True, no_request_reason="È morto.", **confirmed)
    claims.weigh(claim, accuses="yes", accused="Il Comune ", by=editor, at=LATER)
    review.refresh_from_db()
    assert review.state == "published"
    claims.weigh(claim, accuses="yes", accused="la Provincia", by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.state, review.stale_cause) == ("stale", "desk")
    assert review.stale_reason


# What evidence says


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"stance": "supports"}, "stale"),
        ({"quotation": "Costa venti milioni."}, "stale"),
        ({"quotation": " costa “dieci” milioni. "}, "published"),
        ({"note": "Pagina 3."}, "published"),
    ],
    ids=["stance", "words", "same words", "note"],
)
def test_a_rating_follows_what_its_evidence_says(changes: dict[str, str], state: str, editor: User) -> None:
    item = make_evidence(make_claim(), stance="refutes", quotation="Costa «dieci» milioni.")
    review = make_review(claim=item.claim)
    evidence.change(item, changes=changes, by=editor, at=LATER, row_version=item.row_version)
    review.refresh_from_db()
    assert review.state == state
    if state == "stale":
        assert review.stale_cause == "document"
        assert reviews.hold(review, reason="Era un refuso.", by=editor, at=LATER).state == "published"


def test_what_was_approved_waits_again_when_its_evidence_says_something_else(editor: User) -> None:
    item = make_evidence(make_claim(), stance="refutes")
    review = make_review(claim=item.claim, state="approved")
    evidence.change(item, changes={"note": "Pagina 3."}, by=editor, at=LATER, row_version=item.row_version)
    review.refresh_from_db()
    assert review.state == "approved"
    item.refresh_from_db()
    evidence.change(item, changes={"stance": "supports"}, by=editor, at=LATER, row_version=item.row_version)
    review.refresh_from_db()
    assert (review.state, review.approver) == ("proposed", None)


def withdraw_item(item: Evidence, by: User) -> None:
    evidence.withdraw(item, reason="Un errore.", by=by, at=LATER, row_version=item.row_version)


def withdraw_document(item: Evidence, by: User) -> None:
    row = Document.objects.get(pk=item.document_id)
    documents.withdraw(row, reason="Un errore.", by=by, at=LATER, row_version=row.row_version)


def is_gone(item: Evidence, by: User) -> None:
    check = documents.ask_for_check(item.document, by=by, at=LATER)
    documents.found_gone(check, message="404", by=by, at=LATER)


@pytest.mark.parametrize("take_away", [withdraw_item, withdraw_document, is_gone])
def test_what_was_approved_waits_again_when_what_it_rests_on_goes(take_away: Any, editor: User) -> None:
    item = make_evidence(make_claim(), document=make_document(url="https://istat.example/ponte"))
    make_evidence(item.claim)
    review = make_review(claim=item.claim, state="approved")
    take_away(item, editor)
    review.refresh_from_db()
    assert (review.state, review.approver) == ("proposed", None)


@pytest.mark.parametrize(
    ("changes", "marked"),
    [
        ({"title": "Un altro rapporto"}, True),
        ({"url": "https://altrove.example/"}, True),
        ({"url": ""}, True),
        ({"title": "Il «RAPPORTO»"}, False),
        ({"url": "http://www.istat.example/ponte/"}, False),
        ({"note": "Pagina 3.", "date": "2023"}, False),
    ],
    ids=["title", "address", "no address", "same title", "same address", "beside the point"],
)
def test_a_document_by_another_name_is_another_one(
    changes: dict[str, str], marked: bool, editor: User
) -> None:
    document = make_document(title="Il “rapporto”", url="https://istat.example/ponte")
    public = make_review(claim=make_evidence(make_claim(), document=document).claim)
    approved = make_review(claim=make_evidence(make_claim(), document=document).claim, state="approved")
    elsewhere = make_review(claim=make_evidence(make_claim()).claim)
    documents.change(document, changes=changes, by=editor, at=LATER, row_version=document.row_version)
    for review in (public, approved, elsewhere):
        review.refresh_from_db()
    states = (public.state, approved.state, elsewhere.state)
    assert states == (("stale", "proposed") if marked else ("published", "approved")) + ("published",)
    if marked:
        assert public.stale_cause == "document"
        assert reviews.hold(public, reason="È lo stesso rapporto.", by=editor, at=LATER).state == "published"


def test_what_was_approved_of_a_claim_that_accuses_one_is_not_so_of_another(editor: User) -> None:
    claim = accusing()
    confirmed = dict.fromkeys(CONFIRMED, True)
    review = make_review(
        claim=claim, state="approved", accuses=True, no_request_reason="È morto.", **confirmed
    )
    claims.weigh(claim, accuses="yes", accused="il comune", by=editor, at=LATER)
    review.refresh_from_db()
    assert review.state == "approved"
    claims.weigh(claim, accuses="yes", accused="la Provincia", by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.state, review.confirmed) == ("proposed", [])
