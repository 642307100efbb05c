"""From a proposal to its publication: each refused step tried by each of the cast, and the way through.

`REFUSED` names for every step who is told what: a person who may not do it at all is refused as such, one who
may is told which rule stands against it. Nothing is written in either case.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.db import models

from newsroom.actions import articles, assignments, claims, requests, reviews
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import Assignment, Claim, Deed, Review, User
from tests.actions.test_every_deed import everything_kept
from tests.making import (
    LATER,
    THEN,
    level,
    make_appearance,
    make_article,
    make_assignment,
    make_claim,
    make_document,
    make_evidence,
    make_request,
    make_review,
    make_user,
)

pytestmark = pytest.mark.django_db

Attempt = Callable[[User], Any]
#: Makes what a person meets, who is given, and returns what they try.
Step = Callable[[User], Callable[[], Any]]

CONFIRMED = ("public_interest", "measured_wording", "presumption_of_innocence")
DENIED = "denied"


def author_or_somebody(by: User) -> User:
    """A reader writes nothing: what they meet is somebody else's."""
    return by if isinstance(by, User) else make_user()


def accusing(**given: Any) -> Review:
    claim = make_claim(accuses="yes", accused="il Comune")
    return make_review(claim=claim, state="proposed", **given)


def on_review(make: Callable[[User], Review], deed: Callable[..., Any], **given: Any) -> Step:
    def step(by: User) -> Callable[[], Any]:
        review = make(by)
        return lambda: deed(review, by=by, at=LATER, **given)

    return step


def on_claim(make: Callable[[], Claim], deed: Callable[..., Any], **given: Any) -> Step:
    def step(by: User) -> Callable[[], Any]:
        claim = make()
        made = {name: value() if callable(value) else value for name, value in given.items()}
        return lambda: deed(claim, by=by, at=LATER, **made)

    return step


def proposing(make: Callable[[], Claim], **given: Any) -> Step:
    fields = {"level": lambda: level("false"), "summary": "Non risulta."} | given
    return on_claim(make, reviews.propose, **fields)


def own(state: str) -> Callable[[User], Review]:
    return lambda by: make_review(state=state, author=author_or_somebody(by))


def others(state: str, **given: Any) -> Callable[[User], Review]:
    return lambda _by: make_review(state=state, **given)


def changed_by_them(by: User) -> Review:
    review = make_review(state="proposed")
    if isinstance(by, User):
        review.contributors.add(by)
    return review


def only_republished() -> Claim:
    claim = make_claim()
    make_evidence(claim, document=make_document(kind="republication"))
    make_evidence(claim, checked="address")
    return claim


def asked_and_waiting(_by: User) -> Review:
    review = accusing()
    make_request(claim=review.claim, answered_at=LATER)
    make_request(claim=review.claim)
    return review


def asked(_by: User) -> Review:
    review = accusing()
    make_request(claim=review.claim, answered_at=LATER)
    return review


def seen_before_another_changed_it(by: User) -> Review:
    review = make_review(state="proposed")
    checker = make_user(is_staff=True)
    checker.user_permissions.set(Permission.objects.filter(codename="change_review"))
    reviews.amend(Review.objects.get(pk=review.pk), summary="Altro.", by=checker, at=LATER)
    return review


def written_before_another_was_published(_by: User) -> Review:
    review = make_review(state="proposed")
    make_review(claim=review.claim, published_at=LATER)
    return review


def for_editors(code: str) -> dict[str, str]:
    return {"reader": DENIED, "reporter": DENIED, "checker": DENIED, "editor": code}


def for_checkers(code: str) -> dict[str, str]:
    return {"reader": DENIED, "reporter": DENIED, "checker": code, "editor": code}


def for_all(code: str) -> dict[str, str]:
    return {"reader": DENIED, "reporter": code, "checker": code, "editor": code}


def checker() -> User:
    return User.objects.get(username="checker")


#: Step -> what is tried, and what each of the cast is told.
REFUSED: dict[str, tuple[Step, dict[str, str]]] = {
    # Four eyes
    "approve one's own": (on_review(own("proposed"), reviews.approve), for_editors("four-eyes")),
    "publish one's own": (on_review(own("proposed"), reviews.publish), for_editors("four-eyes")),
    "approve what one changed": (on_review(changed_by_them, reviews.approve), for_editors("four-eyes")),
    "publish what one changed": (on_review(changed_by_them, reviews.publish), for_editors("four-eyes")),
    # Evidence, or a reason
    "propose without evidence": (proposing(make_claim), for_checkers("evidence")),
    "approve without evidence": (
        on_review(others("proposed", no_evidence_reason=""), reviews.approve),
        for_editors("evidence"),
    ),
    "publish without evidence": (
        on_review(others("approved", no_evidence_reason=""), reviews.publish),
        for_editors("evidence"),
    ),
    "false on what was not opened": (proposing(only_republished), for_checkers("primary")),
    "approve false on what was not opened": (
        on_review(lambda _by: make_review(claim=only_republished(), state="proposed"), reviews.approve),
        for_editors("primary"),
    ),
    "rate an opinion": (
        proposing(lambda: make_claim(kind="opinion"), no_evidence_reason="Nessun atto."),
        for_checkers("facts"),
    ),
    # What accuses
    "approve before it is weighed": (
        on_review(lambda _by: make_review(claim=make_claim(accuses=""), state="proposed"), reviews.approve),
        for_editors("accuses"),
    ),
    "approve what accuses and nobody was asked": (
        on_review(lambda _by: accusing(), reviews.approve, confirmed=CONFIRMED),
        for_editors("request"),
    ),
    "publish what accuses and nobody was asked": (
        on_review(lambda _by: accusing(), reviews.publish, confirmed=CONFIRMED),
        for_editors("request"),
    ),
    "approve while an answer is waited for": (
        on_review(asked_and_waiting, reviews.approve, confirmed=CONFIRMED),
        for_editors("request"),
    ),
    **{
        f"approve what accuses without {missing}": (
            on_review(asked, reviews.approve, confirmed=[name for name in CONFIRMED if name != missing]),
            for_editors("confirmations"),
        )
        for missing in CONFIRMED
    },
    "publish what accuses without any confirmation": (
        on_review(asked, reviews.publish),
        for_editors("confirmations"),
    ),
    # Overrides
    "override without the permission": (
        on_review(lambda _by: accusing(), reviews.approve, override_reason="Urge."),
        for_editors(DENIED),
    ),
    "override one's own": (
        on_review(own("proposed"), reviews.publish, override_reason="Urge."),
        for_editors("four-eyes"),
    ),
    # States
    "approve what was sent back": (on_review(others("changes"), reviews.approve), for_editors("state")),
    "publish what was sent back": (on_review(others("changes"), reviews.publish), for_editors("state")),
    "publish what is public": (on_review(others("published"), reviews.publish), for_editors("state")),
    "publish what was withdrawn": (
        on_review(others("withdrawn", withdrawal_reason="Errore."), reviews.publish),
        for_editors("state"),
    ),
    "approve twice": (on_review(others("approved"), reviews.approve), for_editors("state")),
    "change what was approved": (
        on_review(own("approved"), reviews.amend, summary="Altro."),
        for_checkers("state"),
    ),
    "change what is public": (
        on_review(own("published"), reviews.amend, summary="Altro."),
        for_checkers("state"),
    ),
    "send back what is public": (
        on_review(others("published"), reviews.request_changes, note="Da dove viene?"),
        for_editors("state"),
    ),
    "send back without a note": (
        on_review(others("proposed"), reviews.request_changes, note=" "),
        for_editors("note"),
    ),
    "doubt a proposal": (
        on_review(others("proposed"), reviews.mark_stale, reason="Un atto nuovo."),
        for_checkers("state"),
    ),
    "doubt without a reason": (
        on_review(others("published"), reviews.mark_stale, reason=" "),
        for_checkers("reason"),
    ),
    "withdraw without a reason": (
        on_review(others("published"), reviews.withdraw, reason=""),
        for_editors("reason"),
    ),
    "withdraw twice": (
        on_review(others("withdrawn", withdrawal_reason="Errore."), reviews.withdraw, reason="Sì."),
        for_editors("state"),
    ),
    # Two people at one
    "approve what was changed since": (
        on_review(seen_before_another_changed_it, reviews.approve),
        for_editors("outdated"),
    ),
    "change what was changed since": (
        on_review(seen_before_another_changed_it, reviews.amend, summary="Il mio."),
        for_checkers("outdated"),
    ),
    "publish over a review that came since": (
        on_review(written_before_another_was_published, reviews.publish),
        for_editors("outdated"),
    ),
    # Claims
    "weigh without an answer": (on_claim(make_claim, claims.weigh, accuses=""), for_all("accuses")),
    "weigh without saying whom": (on_claim(make_claim, claims.weigh, accuses="yes"), for_all("accused")),
    "assign to who may not review": (
        on_claim(make_claim, assignments.assign, to=make_user, due=None),
        for_checkers("to"),
    ),
    "assign for a day that is past": (
        on_claim(make_claim, assignments.assign, to=checker, due=date(2024, 5, 6)),
        for_checkers("due"),
    ),
    "assign what is assigned": (
        on_claim(lambda: make_assignment().claim, assignments.assign, to=checker, due=None),
        for_checkers("outdated"),
    ),
    "release what nobody has": (on_claim(make_claim, assignments.release), for_checkers("state")),
    "note a question of tomorrow": (
        on_claim(
            make_claim,
            requests.ask_for_comment,
            asked="Il Comune",
            how="Per telefono",
            asked_at=LATER.replace(year=2030),
        ),
        for_checkers("asked_at"),
    ),
    "note an answer twice": (
        on_claim(
            lambda: make_request(answered_at=LATER), requests.note_answer, answer="No.", answered_at=LATER
        ),
        for_checkers("state"),
    ),
    "note an answer before the question": (
        on_claim(make_request, requests.note_answer, answer="No.", answered_at=THEN.replace(year=2020)),
        for_checkers("answered_at"),
    ),
}


@pytest.mark.parametrize("who", ["reader", "reporter", "checker", "editor"])
@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_step_is_refused_to_each_and_writes_nothing(name: str, who: str, rows: None) -> None:
    step, told = REFUSED[name]
    by = AnonymousUser() if who == "reader" else User.objects.get(username=who)
    attempt = step(by)
    before = everything_kept()
    if told[who] == DENIED:
        with pytest.raises(PermissionDenied):
            attempt()
    else:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == told[who]
    assert everything_kept() == before


@pytest.mark.parametrize("field", ["state", "approver", "published_at", "override_reason", "accuses"])
def test_nothing_that_is_decided_can_be_given_by_name(field: str, checker: User) -> None:
    given = {"level": level("false"), "summary": "Non risulta.", "no_evidence_reason": "Nessun atto."}
    with pytest.raises(TypeError):
        reviews.propose(make_claim(), by=checker, at=LATER, **(given | {field: "x"}))
    with pytest.raises(TypeError):
        reviews.amend(make_review(state="proposed"), by=checker, at=LATER, **{field: "x"})


# The way through


def grant(user: User, codename: str) -> User:
    user.user_permissions.add(Permission.objects.get(codename=codename))
    return User.objects.get(pk=user.pk)


def test_a_review_is_sent_back_changed_approved_and_published(checker: User, editor: User) -> None:
    review = make_review(state="proposed", author=checker)
    review = reviews.request_changes(review, note=" Dite da dove viene. ", by=editor, at=LATER)
    assert (review.state, review.changes_note) == ("changes", "Dite da dove viene.")
    review = reviews.amend(review, summary="Lo dice la delibera.", by=checker, at=LATER)
    assert (review.state, review.summary, review.amended_at) == ("proposed", "Lo dice la delibera.", LATER)
    assert not review.contributors.exists()
    review = reviews.approve(review, by=editor, at=LATER)
    assert (review.state, review.approver, review.approved_at) == ("approved", editor, LATER)
    assert not review.claim.reviews.current().exists()
    review = reviews.publish(review, by=editor, at=LATER)
    assert (review.state, review.approver, review.published_at) == ("published", editor, LATER)
    verbs = [deed.verb for deed in Deed.objects.order_by("pk").filter(verb__startswith="review.", at=LATER)]
    assert verbs == ["review.changes", "review.amend", "review.approve", "review.publish"]


def test_what_was_approved_and_is_sent_back_is_approved_no_more(editor: User) -> None:
    review = reviews.approve(asked(editor), confirmed=CONFIRMED, no_request_reason="", by=editor, at=LATER)
    assert (review.accuses, review.confirmed) == (True, list(CONFIRMED))
    assert review.request is not None
    review = reviews.request_changes(review, note="Manca la data.", by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.approver, review.approved_at, review.request) == (None, None, None)
    assert (review.accuses, review.confirmed) == (False, [])


def test_who_changes_the_review_of_another_is_one_of_its_authors(checker: User, editor: User) -> None:
    review = make_review(state="proposed", author=checker)
    review = reviews.amend(review, summary="Meglio così.", by=editor, at=LATER)
    assert list(review.contributors.all()) == [editor]
    assert review.author == checker
    with pytest.raises(Refused, match="modificato") as refused:
        reviews.approve(review, by=editor, at=LATER)
    assert refused.value.code == "four-eyes"


def test_an_author_takes_back_what_no_reader_has_seen(checker: User) -> None:
    for state in ("proposed", "changes", "approved"):
        review = make_review(state=state, author=checker)
        assert reviews.withdraw(review, reason="Sbagliata.", by=checker, at=LATER).state == "withdrawn"
    with pytest.raises(PermissionDenied):
        reviews.withdraw(make_review(author=checker), reason="Sbagliata.", by=checker, at=LATER)


def test_the_second_of_two_is_told_who_was_first_and_when(checker: User, editor: User) -> None:
    review = make_review(state="proposed", author=checker)
    shown = review.row_version
    reviews.amend(Review.objects.get(pk=review.pk), summary="Altro.", by=checker, at=LATER)
    now = Review.objects.get(pk=review.pk)
    with pytest.raises(Overtaken) as refused:
        reviews.approve(now, row_version=shown, by=editor, at=LATER)
    [words] = refused.value.messages
    assert "Ornella Vismara" in words and "2024" in words
    assert reviews.approve(now, row_version=now.row_version, by=editor, at=LATER).state == "approved"


def test_a_review_that_came_in_between_is_not_superseded_unseen(checker: User, editor: User) -> None:
    mine = make_review(state="proposed", author=checker)
    theirs = make_review(claim=mine.claim, published_at=LATER)
    with pytest.raises(Overtaken, match=str(theirs.author)):
        reviews.publish(mine, by=editor, at=LATER)
    mine = reviews.amend(mine, by=checker, at=LATER)
    assert reviews.publish(mine, by=editor, at=LATER).supersedes == theirs


# What accuses


@pytest.mark.parametrize("answer", ["È falso.", ""])
def test_what_accuses_is_published_with_all_it_asks_for(answer: str, checker: User, editor: User) -> None:
    review = accusing()
    request = requests.ask_for_comment(
        review.claim, asked="Il Comune", how="Per posta", asked_at=THEN, by=checker, at=LATER
    )
    requests.note_answer(request, answer=answer, answered_at=LATER, by=checker, at=LATER)
    review = reviews.publish(review, confirmed=CONFIRMED, by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.accuses, review.request, review.confirmed) == (True, request, list(CONFIRMED))
    told = Deed.objects.get(verb="review.publish", at=LATER).after
    assert told["confirmed"] == list(CONFIRMED)
    assert told["request"] == str(request.uuid)


def test_a_stated_reason_stands_for_a_request(editor: User) -> None:
    review = reviews.publish(
        accusing(), confirmed=CONFIRMED, no_request_reason=" È morto. ", by=editor, at=LATER
    )
    assert (review.request, review.no_request_reason) == (None, "È morto.")
    assert Deed.objects.get(verb="review.publish", at=LATER).after["no_request_reason"] == "È morto."


def test_what_was_confirmed_when_it_was_approved_holds_when_it_is_published(editor: User) -> None:
    review = reviews.approve(asked(editor), confirmed=CONFIRMED, by=editor, at=LATER)
    assert reviews.publish(review, by=editor, at=LATER).state == "published"


def test_what_is_found_to_accuse_between_approval_and_publication_is_not_published(editor: User) -> None:
    review = reviews.approve(make_review(state="proposed"), by=editor, at=LATER)
    claims.weigh(review.claim, accuses="yes", accused="il Comune", by=editor, at=LATER)
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == "request"


def test_a_public_rating_of_what_is_found_to_accuse_is_to_be_checked_again(editor: User) -> None:
    review = make_review()
    claims.weigh(review.claim, accuses="yes", accused="il Comune", by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.state, review.stale_cause, review.stale_at) == ("stale", "desk", LATER)
    assert review.stale_reason


@pytest.mark.parametrize("cause", ["words", "document"])
def test_a_rating_that_is_stale_already_does_not_hold_again_once_its_claim_accuses(
    cause: str, editor: User
) -> None:
    review = make_review(state="stale", stale_cause=cause)
    claims.weigh(review.claim, accuses="yes", accused="il Comune", by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.state, review.stale_cause) == ("stale", "desk")


def test_whom_a_claim_accuses_goes_when_it_accuses_nobody(editor: User) -> None:
    claim = make_claim(accuses="yes", accused="il Comune")
    claim = claims.weigh(claim, accuses="no", accused="il Comune", by=editor, at=LATER)
    assert (claim.accuses, claim.accused) == ("no", "")


# False


@pytest.mark.parametrize("checked", ["excerpt", "repository", "whole"])
def test_false_rests_on_an_item_that_was_opened(checked: str, checker: User) -> None:
    make_evidence(claim := make_claim(), checked=checked)
    given = {"level": level("false"), "summary": "Non risulta.", "by": checker, "at": LATER}
    assert reviews.propose(claim, **given).pk


def test_a_withdrawn_document_is_no_evidence(checker: User) -> None:
    document = make_document(withdrawn_at=THEN, withdrawal_reason="Era un falso.")
    make_evidence(claim := make_claim(), document=document)
    with pytest.raises(Refused) as refused:
        reviews.propose(claim, level=level("true"), summary="Risulta.", by=checker, at=LATER)
    assert refused.value.code == "evidence"


def test_false_without_such_an_item_gives_its_reason(checker: User) -> None:
    given = {"level": level("false"), "summary": "Non risulta.", "by": checker, "at": LATER}
    assert reviews.propose(only_republished(), no_primary_reason="L’atto è secretato.", **given).pk


def test_other_ratings_do_not_ask_for_one(checker: User) -> None:
    given = {"summary": "Risulta.", "by": checker, "at": LATER}
    assert reviews.propose(only_republished(), level=level("true"), **given).pk
    attributed = reviews.propose(only_republished(), level=level("false"), judges="attribution", **given)
    assert attributed.pk


# Overrides


def test_an_override_has_its_reason_and_stands_in_the_log(editor: User) -> None:
    review = reviews.publish(
        accusing(), override_reason=" Lo decide la direzione. ", by=grant(editor, "override_review"), at=LATER
    )
    review.refresh_from_db()
    assert (review.state, review.override_reason) == ("published", "Lo decide la direzione.")
    told = Deed.objects.get(verb="review.override")
    assert told.after == {"reason": "Lo decide la direzione.", "rules": ["request", "confirmations"]}
    assert told.objects_touched[0] == ["review", str(review.uuid)]


def test_what_was_overridden_stays_so_and_nothing_else(editor: User) -> None:
    review = accusing()
    review = reviews.approve(
        review, override_reason="Lo decide la direzione.", by=grant(editor, "override_review"), at=LATER
    )
    review.claim.reviews.filter(pk=review.pk).update(no_evidence_reason="")
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == "evidence"
    review.claim.reviews.filter(pk=review.pk).update(no_evidence_reason="Nessun atto.")
    assert reviews.publish(review, by=editor, at=LATER).state == "published"


def test_where_no_rule_stands_against_it_there_is_nothing_to_override(editor: User) -> None:
    by, review = grant(editor, "override_review"), make_review(state="proposed")
    with pytest.raises(Refused) as refused:
        reviews.approve(review, override_reason="Urge.", by=by, at=LATER)
    assert refused.value.code == "override_reason"


def test_no_override_passes_words_that_changed_or_an_old_scale(editor: User, checker: User) -> None:
    appearance = make_appearance(make_article(), "dieci milioni")
    review = reviews.propose(
        appearance.claim,
        level=level("false"),
        summary="No.",
        no_evidence_reason="Nessun atto.",
        appearance=appearance,
        by=checker,
        at=LATER,
    )
    Claim.objects.filter(pk=appearance.claim_id).update(accuses="")
    appearance.annotation.targets.update(exact="dieci milioni di euro")
    with pytest.raises(Refused) as refused:
        reviews.publish(review, override_reason="Urge.", by=grant(editor, "override_review"), at=LATER)
    assert refused.value.code == "words"


# Assigned


def test_a_claim_is_assigned_taken_over_and_released(checker: User, editor: User) -> None:
    claim = make_claim()
    first = assignments.assign(claim, to=checker, due=date(2024, 5, 20), by=editor, at=LATER)
    assert (first.assignee, first.due, first.closed_at) == (checker, date(2024, 5, 20), None)
    second = assignments.assign(claim, to=editor, due=None, by=editor, at=LATER, instead_of=first)
    first.refresh_from_db()
    assert (first.closed_at, list(Assignment.objects.open().filter(claim=claim))) == (LATER, [second])
    with pytest.raises(Overtaken):
        assignments.assign(claim, to=checker, due=None, by=checker, at=LATER, instead_of=first)
    assignments.release(claim, by=checker, at=LATER)
    with pytest.raises(Overtaken):
        assignments.assign(claim, to=checker, due=None, by=checker, at=LATER, instead_of=second)
    assert not Assignment.objects.open().filter(claim=claim).exists()


def test_who_comes_second_is_told_to_whom_a_claim_is_assigned(checker: User, editor: User) -> None:
    assignments.assign(claim := make_claim(), to=checker, due=None, by=editor, at=LATER)
    with pytest.raises(Overtaken) as refused:
        assignments.assign(claim, to=editor, due=None, by=checker, at=LATER)
    [words] = refused.value.messages
    assert "Ornella Vismara" in words and "Livia Scarpato" in words


def test_a_published_review_closes_the_assignment(checker: User, editor: User) -> None:
    assignment = make_assignment(assignee=checker)
    review = make_review(claim=assignment.claim, state="proposed", author=checker)
    reviews.approve(review, by=editor, at=LATER)
    assert Assignment.objects.get(pk=assignment.pk).closed_at is None
    reviews.publish(Review.objects.get(pk=review.pk), by=editor, at=LATER)
    assert Assignment.objects.get(pk=assignment.pk).closed_at == LATER


# Doubted


def test_a_rating_that_the_desk_doubts_does_not_hold_again_by_itself(checker: User, editor: User) -> None:
    appearance = make_appearance(article := make_article(), "dieci milioni")
    review = reviews.mark_stale(make_review(appearance), reason="C’è un atto nuovo.", by=checker, at=LATER)
    assert (review.state, review.stale_cause, review.stale_reason) == ("stale", "desk", "C’è un atto nuovo.")
    html = article.current_revision.html
    given = {"kind": "correction", "note": "Il costo.", "by": editor, "at": LATER}
    articles.revise(article, html=html.replace("dieci", "dodici"), based_on=1, **given)
    articles.revise(article, html=html, based_on=2, **given)
    review.refresh_from_db()
    assert (review.state, review.stale_cause) == ("stale", "desk")


def test_every_change_of_a_review_is_one_version_on(editor: User, checker: User) -> None:
    review: models.Model = make_review(state="proposed", author=checker)
    versions = [review.row_version]
    for deed in (
        lambda row: reviews.request_changes(row, note="Da dove viene?", by=editor, at=LATER),
        lambda row: reviews.amend(row, summary="Altro.", by=checker, at=LATER),
        lambda row: reviews.approve(row, by=editor, at=LATER),
        lambda row: reviews.publish(row, by=editor, at=LATER),
        lambda row: reviews.mark_stale(row, reason="Un atto.", by=checker, at=LATER),
        lambda row: reviews.withdraw(row, reason="Errore.", by=editor, at=LATER),
    ):
        review = deed(review)
        review.refresh_from_db()
        versions.append(review.row_version)
    assert versions == [1, 2, 3, 4, 5, 6, 7]
    assert [row.history_user for row in review.history.order_by("-history_id")][:6] == [
        editor,
        checker,
        editor,
        editor,
        checker,
        editor,
    ]
