"""How a rating came to be, as readers are told: what the log has, in its order, without the desk's words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.actions import articles, documents, reviews
from newsroom.models import Claim, Deed, Document, Evidence, Review, User
from newsroom.presenters.how_checked import HowChecked, how_checked
from tests.making import (
    HTML,
    LATER,
    THEN,
    level,
    make_appearance,
    make_article,
    make_claim,
    make_document,
    make_evidence,
    make_request,
    make_review,
    make_user,
)
from tests.public_pages import superseding_review
from tests.reading import tree

pytestmark = pytest.mark.django_db

#: What the desk writes for itself.
SECRET = "Parola della redazione"


def day(number: int):
    return LATER + timedelta(days=number)


def proposal(claim: Claim | None = None, *, by: User, **given) -> Review:
    claim = claim or make_appearance(make_article(), "dieci milioni").claim
    fields = {"level": level("false"), "summary": "Non risulta.", "no_evidence_reason": "Nessun atto."}
    appearance = claim.appearances.first()
    return reviews.propose(claim, by=by, at=day(0), appearance=appearance, **(fields | given))


def told(review: Review) -> HowChecked:
    return how_checked(Review.objects.select_related("author", "approver", "request").get(pk=review.pk))


def known_long_ago() -> None:
    """What is known of evidence and documents was known before any review."""
    for kept in (Evidence, Document):
        kept.history.update(history_date=THEN)


def test_each_step_stands_where_the_log_has_it(checker: User, editor: User) -> None:
    review = proposal(by=checker)
    review = reviews.request_changes(review, note=SECRET, by=editor, at=day(1))
    review = reviews.amend(review, summary="Non risulta affatto.", by=checker, at=day(2))
    review = reviews.approve(review, by=editor, at=day(3))
    reviews.publish(review, by=editor, at=day(4))
    how = told(review)
    assert [(step.label, step.at, step.name) for step in how.steps] == [
        ("Scritta", day(0), "Ornella Vismara"),
        ("Rimandata per modifiche", day(1), ""),
        ("Modificata", day(2), ""),
        ("Secondo sguardo", day(3), "caporedattrice"),
        ("Pubblicata", day(4), ""),
    ]
    assert (how.since, how.is_logged, how.accuses, how.overridden) == ((), True, False, ())


def test_who_else_wrote_is_not_named(checker: User, editor: User) -> None:
    other = make_user(first_name="Zelinda", last_name="Zerbini", signature="name")
    other.groups.set(checker.groups.all())
    review = proposal(by=checker)
    review = reviews.amend(review, summary="Non risulta affatto.", by=other, at=day(1))
    reviews.publish(review, by=editor, at=day(2))
    [changed] = [step for step in told(review).steps if step.label == "Modificata"]
    assert (changed.name, changed.words) == ("", "da una persona diversa da chi l’ha scritta")


def test_doubts_and_second_looks_come_after_it(checker: User, editor: User) -> None:
    article = make_article(html=HTML)
    review = proposal(make_appearance(article, "dieci milioni").claim, by=checker)
    reviews.publish(review, by=editor, at=day(1))
    for number, words in ((2, "undici milioni"), (3, "dieci milioni")):
        other = HTML.replace("dieci milioni", words)
        articles.revise(
            article, html=other, based_on=article.current_revision.number, kind="minor", note="Cifra.",
            by=editor, at=day(number),
        )  # fmt: skip
        article.refresh_from_db()
    review.refresh_from_db()
    reviews.mark_stale(review, reason="Nuova delibera.", by=checker, at=day(4))
    again = proposal(review.claim, by=checker)
    Review.objects.filter(pk=again.pk).update(proposed_at=day(5))
    again.refresh_from_db()
    reviews.publish(again, by=editor, at=day(6))
    since = told(review).since
    assert [(step.label, step.at) for step in since] == [
        ("Da riverificare", day(2)), ("Di nuovo valida", day(3)),
        ("Da riverificare", day(4)), ("Superata", day(6)),
    ]  # fmt: skip
    assert told(again).since == ()


def test_evidence_is_counted_as_it_stood_then_by_kind_and_by_how_far_it_was_opened(checker: User) -> None:
    claim = make_appearance().claim
    read = make_evidence(claim, document=make_document(kind="primary"), checked="whole")
    make_evidence(claim, document=make_document(kind="republication"), checked="known")
    known_long_ago()
    make_evidence(claim)  # added since
    Evidence.history.filter(history_date__gt=day(9)).update(history_date=day(3))
    Evidence.objects.filter(pk=read.pk).update(withdrawn_at=day(4), withdrawal_reason=SECRET)
    review = make_review(claim.appearances.get(), published_at=day(1), no_evidence_reason="")
    rested = told(review).rested
    assert rested is not None and rested.items == 2
    assert rested.kinds == (("documento primario", 1), ("ripubblicazione", 1))
    assert rested.looks == (("letto per intero", 1), ("noto, non aperto", 1))


def test_an_item_counts_under_the_claim_where_it_stood_then(checker: User, editor: User) -> None:
    left, joined = make_appearance().claim, make_appearance().claim
    item = make_evidence(left, document=make_document(kind="primary"))
    known_long_ago()
    before = [make_review(claim.appearances.get(), published_at=day(1)) for claim in (left, joined)]
    item.claim = joined
    item.save()
    Evidence.history.filter(history_type="~").update(history_date=day(2))
    assert [told(review).rested.items for review in before] == [1, 0]
    Review.objects.update(state="superseded")
    after = [make_review(claim.appearances.get(), published_at=day(3)) for claim in (left, joined)]
    assert [told(review).rested.items for review in after] == [0, 1]


def test_a_document_counts_as_the_kind_that_it_was_then(checker: User) -> None:
    claim = make_appearance().claim
    document = make_document(kind="primary")
    item = make_evidence(claim, document=document)
    known_long_ago()
    review = make_review(claim.appearances.get(), published_at=day(1))
    changes = {"kind": "republication"}
    documents.change(document, changes=changes, by=checker, at=day(2), row_version=document.row_version)
    item.refresh_from_db()
    item.document = make_document(kind="secondary")
    item.save()
    for kept in (Evidence, Document):
        kept.history.filter(history_date__gt=day(9)).update(history_date=day(2))
    assert told(review).rested.kinds == (("documento primario", 1),)


def test_where_there_is_none_the_page_says_why(reader: Client) -> None:
    review = make_review(make_appearance(), no_evidence_reason="Nessun atto pubblico.")
    assert told(review).rested.items == 0
    text = tree(reader.get(review.get_absolute_url())).text_content()
    assert "Nessun riscontro:" in text and "Nessun atto pubblico." in text


def test_what_stands_in_no_log_is_said_to(reader: Client, checker: User, editor: User) -> None:
    review = make_review(make_appearance())
    assert not told(review).is_logged
    assert "nel nostro registro" in tree(reader.get(review.get_absolute_url())).text_content()
    logged = proposal(by=checker)
    reviews.publish(logged, by=editor, at=day(1))
    assert "nel nostro registro" not in tree(reader.get(logged.get_absolute_url())).text_content()


@pytest.mark.parametrize("answer", [SECRET, ""])
def test_that_somebody_was_asked_is_told_and_not_whom_or_what_they_said(
    reader: Client, checker: User, editor: User, answer: str
) -> None:
    claim = make_appearance(make_article(), claim=make_claim(accuses="yes", accused=SECRET)).claim
    make_request(claim=claim, asked=SECRET, how=SECRET, whom=SECRET, answer=answer, answered_at=LATER)
    review = proposal(claim, by=checker)
    confirmed = ("public_interest", "measured_wording", "presumption_of_innocence")
    reviews.publish(review, by=editor, at=day(1), confirmed=confirmed)
    how = told(review)
    assert how.accuses and how.asked_at == THEN and len(how.confirmed) == 3
    assert how.answered_at == (LATER if answer else None)
    html = reader.get(review.get_absolute_url()).content.decode()
    assert "commento chiesto il" in html and SECRET not in html
    assert ("risposta entro il" in html) == bool(answer)
    # Who approved and who published may each have confirmed a part.
    assert "Confermato in redazione" in html


def test_a_rule_that_was_passed_over_is_named_without_the_reason(
    reader: Client, checker: User, editor: User
) -> None:
    claim = make_appearance(make_article(), claim=make_claim(accuses="yes", accused="il Comune")).claim
    review = proposal(claim, by=checker)
    editor.user_permissions.add(Permission.objects.get(codename="override_review"))
    reviews.publish(review, by=editor, at=day(1), override_reason=SECRET)
    for address in (review.get_absolute_url(), claim.get_absolute_url()):
        html = reader.get(address).content.decode()
        assert "a chi è accusato si chiede prima un commento" in html, address
        assert SECRET not in html and "nessun commento chiesto" in html, address


def test_why_nobody_was_asked_stays_at_the_desk(reader: Client) -> None:
    review = make_review(make_appearance(), accuses=True, no_request_reason=SECRET, override_reason=SECRET)
    for address in (review.get_absolute_url(), review.claim.get_absolute_url()):
        html = reader.get(address).content.decode()
        assert "nessun commento chiesto: il motivo è nel registro" in html and SECRET not in html, address


def test_of_another_deed_at_the_same_moment_nothing_is_told(checker: User, editor: User) -> None:
    review, other = proposal(by=checker), proposal(by=checker)
    reviews.publish(review, by=editor, at=day(1))
    reviews.request_changes(other, note=SECRET, by=editor, at=day(1))
    assert [step.label for step in told(review).steps] == ["Scritta", "Secondo sguardo", "Pubblicata"]


def test_it_costs_six_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    review = superseding_review()
    for _number in range(3):
        make_evidence(review.claim)
        Deed.objects.create(verb="review.amend", actor=make_user(), at=review.proposed_at)
    known_long_ago()
    review = Review.objects.select_related("author", "approver", "request").get(pk=review.pk)
    with django_assert_num_queries(6):
        assert how_checked(review).rested is not None
