"""Reviews: proposed by one, published by another, on evidence, of words that still stand."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from newsroom.actions import articles, claims, reviews
from newsroom.actions.refusals import Refused
from newsroom.models import Claim, Deed, RatingScale, Review, User
from tests.making import (
    LATER,
    level,
    make_appearance,
    make_article,
    make_claim,
    make_evidence,
    make_review,
    make_user,
)

pytestmark = pytest.mark.django_db


def propose(claim: Claim, *, by: User, **given: Any) -> Review:
    fields = {
        "level": level("false"),
        "summary": "Non risulta.",
        "no_evidence_reason": "Nessun atto.",
    } | given
    return reviews.propose(claim, by=by, at=LATER, **fields)


def refusal_of(code: str, *args: Any, **given: Any) -> None:
    with pytest.raises(Refused) as refused:
        propose(*args, **given)
    assert refused.value.code == code


def test_a_review_judges_the_words_that_stand_there_now(checker: User) -> None:
    appearance = make_appearance(make_article(), "dieci milioni", claim=make_claim(text="Costerà tanto."))
    review = propose(appearance.claim, appearance=appearance, by=checker)
    assert (review.state, review.author, review.proposed_at) == ("proposed", checker, LATER)
    assert (review.judged_words, review.revision) == (
        "dieci milioni",
        appearance.annotation.article.current_revision,
    )
    assert (review.approver, review.published_at) == (None, None)


def test_words_in_several_spans_are_joined_by_an_ellipsis(checker: User) -> None:
    appearance = make_appearance(make_article(), "Il ponte", "resterà chiuso", ("hedge", "Secondo i tecnici"))
    review = propose(appearance.claim, appearance=appearance, by=checker)
    assert review.judged_words == "Il ponte […] resterà chiuso"


def test_without_an_appearance_the_canonical_wording_is_judged(checker: User) -> None:
    review = propose(claim := make_claim(text="Il ponte è aperto."), by=checker)
    assert (review.judged_words, review.appearance, review.revision) == (claim.text, None, None)


def test_the_words_of_another_claim_are_refused(checker: User) -> None:
    refusal_of("appearance", make_claim(), appearance=make_appearance(), by=checker)


def test_words_that_are_no_longer_in_the_text_are_refused(checker: User, editor: User) -> None:
    appearance = make_appearance(article := make_article(), "dieci milioni")
    html = article.current_revision.html.replace("dieci milioni", "molto")
    articles.revise(article, html=html, kind="correction", note="Il costo.", by=editor, at=LATER, based_on=1)
    appearance = type(appearance).objects.get(pk=appearance.pk)
    refusal_of("orphan", appearance.claim, appearance=appearance, by=checker)


def test_a_rating_without_evidence_or_reason_is_refused(checker: User) -> None:
    claim = make_claim()
    refusal_of("evidence", claim, no_evidence_reason=" ", by=checker)
    make_evidence(claim)
    assert propose(claim, no_evidence_reason="", by=checker).pk


@pytest.mark.parametrize("kind", ["opinion", "prediction"])
def test_an_opinion_is_rated_as_such_or_on_named_facts(checker: User, kind: str) -> None:
    claim = make_claim(kind=kind)
    refusal_of("facts", claim, facts_judged=" ", by=checker)
    assert propose(claim, level=level("opinion"), by=checker).pk
    assert propose(claim, facts_judged="se il ponte sia aperto", by=checker).pk


def test_whether_somebody_said_an_opinion_is_a_fact(checker: User) -> None:
    assert propose(make_claim(kind="opinion"), judges="attribution", level=level("true"), by=checker).pk


def test_whether_somebody_said_it_is_no_opinion(checker: User) -> None:
    refusal_of("level", make_claim(), judges="attribution", level=level("opinion"), by=checker)


def test_a_rating_of_an_earlier_scale_is_refused(checker: User) -> None:
    scale = level("false").scale
    next_version = {"code_name": scale.code_name, "version": scale.version + 1, "name": "Scala"}
    RatingScale.objects.create(**next_version, in_force_since=LATER)
    refusal_of("scale", make_claim(), by=checker)


@pytest.mark.parametrize("summary", ["", "   ", "a" * 161])
def test_a_summary_is_short_and_there(checker: User, summary: str) -> None:
    with pytest.raises(ValidationError) as refused:
        propose(make_claim(), summary=summary, by=checker)
    assert "summary" in refused.value.message_dict


# Published


def test_another_person_publishes(checker: User, editor: User) -> None:
    review = propose(make_claim(), by=checker)
    review = reviews.publish(review, by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.state, review.author, review.approver, review.published_at) == (
        "published",
        checker,
        editor,
        LATER,
    )
    assert review.supersedes is None


def test_nobody_approves_their_own_review(editor: User) -> None:
    review = propose(make_claim(), by=editor)
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == "four-eyes"
    review.refresh_from_db()
    assert review.state == "proposed"


def test_not_even_a_superuser_approves_their_own_review() -> None:
    everything = make_user(is_superuser=True)
    with pytest.raises(Refused) as refused:
        reviews.publish(propose(make_claim(), by=everything), by=everything, at=LATER)
    assert refused.value.code == "four-eyes"


@pytest.mark.parametrize("state", ["published", "stale", "superseded", "withdrawn"])
def test_only_a_proposal_is_published(editor: User, state: str) -> None:
    review = make_review(state=state, withdrawal_reason="Errore.")
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == "state"


def test_the_rules_are_asked_again_when_it_is_published(checker: User, editor: User) -> None:
    evidence = make_evidence(claim := make_claim())
    review = propose(claim, no_evidence_reason="", by=checker)
    evidence.delete()
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == "evidence"


@pytest.mark.parametrize(
    ("change", "code"),
    [(("dieci milioni", "molto"), "orphan"), (("Costerà dieci", "Costerà, pare, dieci"), None)],
)
def test_words_that_changed_since_are_not_published(
    checker: User, editor: User, change: tuple[str, str], code: str | None
) -> None:
    appearance = make_appearance(article := make_article(), "dieci milioni")
    review = propose(appearance.claim, appearance=appearance, by=checker)
    html = article.current_revision.html.replace(*change)
    articles.revise(article, html=html, kind="correction", note="Il costo.", by=editor, at=LATER, based_on=1)
    if code is None:
        assert reviews.publish(review, by=editor, at=LATER).state == "published"
        return
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == code


def test_a_claim_tagged_on_more_words_since_is_judged_again(checker: User, editor: User) -> None:
    appearance = make_appearance(make_article(), "dieci milioni")
    review = propose(appearance.claim, appearance=appearance, by=checker)
    appearance.annotation.targets.update(exact="dieci milioni di euro")
    with pytest.raises(Refused) as refused:
        reviews.publish(review, by=editor, at=LATER)
    assert refused.value.code == "words"


@pytest.mark.parametrize("state", ["published", "stale"])
def test_a_new_review_supersedes_the_one_before(checker: User, editor: User, state: str) -> None:
    earlier = make_review(state=state)
    review = reviews.publish(propose(earlier.claim, level=level("true"), by=checker), by=editor, at=LATER)
    earlier.refresh_from_db()
    assert (earlier.state, review.supersedes) == ("superseded", earlier)
    assert list(earlier.claim.reviews.current()) == [review]
    assert ["review", str(earlier.uuid)] in Deed.objects.latest("pk").objects_touched


# Withdrawn and stale


@pytest.mark.parametrize("state", ["proposed", "published", "stale", "superseded"])
def test_a_review_is_withdrawn_with_its_reason(editor: User, state: str) -> None:
    review = make_review(state=state)
    reviews.withdraw(review, reason=" Errore nostro. ", by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.state, review.withdrawal_reason) == ("withdrawn", "Errore nostro.")
    assert Deed.objects.latest("pk").before == {"state": state}
    assert not review.claim.reviews.current().exists()


@pytest.mark.parametrize(
    ("state", "reason", "code"), [("withdrawn", "Sì.", "state"), ("published", " ", "reason")]
)
def test_a_withdrawal_is_done_once_and_with_a_reason(
    editor: User, state: str, reason: str, code: str
) -> None:
    review = make_review(state=state, withdrawal_reason="Errore." if state == "withdrawn" else "")
    with pytest.raises(Refused) as refused:
        reviews.withdraw(review, reason=reason, by=editor, at=LATER)
    assert refused.value.code == code


# Claims


def test_a_claim_is_added_with_its_other_wordings(reporter: User) -> None:
    claim = claims.add(
        text="Il ponte è aperto.", kind="fact", wordings={"en": "It is open."}, by=reporter, at=LATER
    )
    assert list(claim.wordings.values_list("lang", "text")) == [("en", "It is open.")]
    assert Deed.objects.latest("pk").after == {"text": "Il ponte è aperto.", "kind": "fact"}


def test_a_claim_of_nothing_is_refused(reporter: User) -> None:
    with pytest.raises(ValidationError):
        claims.add(text="", by=reporter, at=LATER)
