"""Several people at the same moment: nothing is lost, nothing doubled, and who was slower is told so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from newsroom.actions import (
    annotations,
    articles,
    assignments,
    claims,
    documents,
    evidence,
    relations,
    reviews,
    suggestions,
)
from newsroom.actions.annotations import Place
from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.models import (
    Annotation,
    Article,
    Assignment,
    Claim,
    Deed,
    Document,
    Evidence,
    Review,
    Revision,
    Target,
    User,
)
from newsroom.text.annotated import Part
from newsroom.text.proposed import Proposed
from tests.actions.at_once import at_once
from tests.actions.revising import revise
from tests.making import (
    HTML,
    LATER,
    make_annotation,
    make_appearance,
    make_article,
    make_claim,
    make_entity,
    make_evidence,
    make_relation,
    make_review,
    make_suggestion,
    make_token,
)

pytestmark = pytest.mark.usefixtures("committed")

#: As often as a race is run: the slower one is not the same each time.
ROUNDS = 5


def revision(article: Article, word: str, by: User, based_on: int = 1) -> partial[Revision]:
    return partial(
        articles.revise,
        article,
        html=HTML.replace("dieci", word),
        kind="correction",
        note=f"{word} milioni.",
        by=by,
        at=LATER,
        based_on=based_on,
    )


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_save_one_text_the_slower_is_told_who_and_when(
    editor: User, checker: User, _round: int
) -> None:
    article = make_article()
    answers = at_once([revision(article, "undici", editor), revision(article, "dodici", checker)])
    saved = [answer for answer in answers if isinstance(answer, Revision)]
    refused = [answer for answer in answers if isinstance(answer, Outdated)]
    assert (len(saved), len(refused)) == (1, 1), answers
    assert refused[0].revision == saved[0]
    assert str(saved[0].by) in refused[0].messages[0] and "07/05/2024" in refused[0].messages[0]
    assert list(article.revisions.values_list("number", flat=True)) == [1, 2]
    article.refresh_from_db()
    assert article.current_revision == saved[0]


def test_who_saves_again_after_each_refusal_loses_no_text_and_doubles_no_number(
    editor: User, checker: User
) -> None:
    article = make_article()
    make_review(make_appearance(article, "dieci milioni"))
    words = ["undici", "dodici", "tredici", "venti"]

    def save(word: str, by: User) -> Revision:
        based_on = 1
        while True:
            try:
                return revision(article, word, by, based_on)()
            except Outdated as refusal:
                based_on = refusal.revision.number

    people = [editor, checker] * 2
    answers = at_once([partial(save, word, by) for word, by in zip(words, people, strict=True)])
    assert sorted(answer.number for answer in answers) == [2, 3, 4, 5]
    texts = article.revisions.order_by("number").values_list("text", flat=True)
    assert {word for word in words for text in texts if word in text} == set(words)
    assert Target.objects.filter(revision__article=article).count() == 5
    assert Deed.objects.filter(article=article, verb="article.revise").count() == 4


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_what_is_tagged_while_a_text_is_saved_stands_in_the_new_one(
    editor: User, reporter: User, _round: int
) -> None:
    article, claim = make_article(), make_claim()
    words = Place(0, 8, "Il ponte")
    tag = partial(annotations.tag_claim, article, claim=claim, places=[words], by=reporter, at=LATER)
    saved, tagged = at_once([revision(article, "dodici", editor), tag])
    assert isinstance(saved, Revision)
    assert tagged.annotation.targets.filter(revision=saved).count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_decide_on_one_suggestion_one_does(editor: User, reporter: User, _round: int) -> None:
    suggestion = make_suggestion(offers=[make_entity()])
    who = {"at": LATER, "row_version": 1}
    accept = partial(suggestions.accept, suggestion.annotation, by=editor, **who)
    reject = partial(suggestions.reject, suggestion.annotation, by=reporter, **who)
    answers = at_once([accept, reject])
    assert sorted(isinstance(answer, Overtaken) for answer in answers) == [False, True], answers
    suggestion.refresh_from_db()
    accepted = isinstance(answers[0], Annotation)
    assert suggestion.decision == ("accepted" if accepted else "rejected")
    assert suggestion.annotation.mentions.count() == int(accepted)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_what_is_proposed_twice_at_once_is_written_once(editor: User, reporter: User, _round: int) -> None:
    article = make_article()
    found = [Proposed("mention", (Part(0, 8),), "prova 1", 0.8, entity_kind="place", form="name")]
    given = {"proposals": found, "at": LATER, "based_on": 1}
    answers = at_once([partial(suggestions.propose, article, by=who, **given) for who in (editor, reporter)])
    assert sorted(map(len, answers)) == [0, 1], answers
    assert Annotation.objects.filter(article=article).count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_passage_is_not_moved_in_a_text_that_is_replaced_meanwhile(
    editor: User, reporter: User, _round: int
) -> None:
    article = make_article()
    annotation = make_annotation(article, "la sindaca")
    start = article.current_revision.text.index("le prove")
    move = partial(
        annotations.move,
        annotation,
        places=[Place(start, start + 8, "le prove")],
        by=reporter,
        at=LATER,
        row_version=1,
        based_on=1,
    )
    saved, moved = at_once([revision(article, "dodici", editor), move])
    assert isinstance(saved, Revision)
    words = annotation.targets.get(revision=saved).exact
    assert words == ("la sindaca" if isinstance(moved, Outdated) else "le prove"), moved


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_no_rating_is_published_on_words_that_change_at_that_moment(
    editor: User, checker: User, _round: int
) -> None:
    article = make_article()
    review = make_review(make_appearance(article, "dieci milioni"), state="proposed", author=checker)
    publish = partial(reviews.publish, review, by=editor, at=LATER)
    saved, published = at_once([revision(article, "dodici", checker), publish])
    assert isinstance(saved, Revision)
    review.refresh_from_db()
    refused = isinstance(published, Refused)
    assert review.state == (Review.State.PROPOSED if refused else Review.State.STALE), published


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_decide_on_one_passage_the_slower_is_told(
    editor: User, checker: User, _round: int
) -> None:
    article = make_article()
    annotation = make_annotation(article, "Costerà dieci milioni")
    revise(article, ("dieci", "dodici"), by=editor)
    answers = at_once(
        [
            partial(annotations.confirm, annotation, by=editor, at=LATER, row_version=1),
            partial(
                annotations.withdraw, annotation, reason="Doppione.", by=checker, at=LATER, row_version=1
            ),
        ]
    )
    done = [answer for answer in answers if isinstance(answer, Annotation)]
    refused = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert (len(done), len(refused)) == (1, 1), answers
    assert isinstance(refused[0], Overtaken)
    first = Deed.objects.touching(annotation).first()
    assert str(first.actor) in refused[0].messages[0]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_would_close_a_circle_of_claims_together_one_is_refused(
    editor: User, checker: User, _round: int
) -> None:
    """Neither names a claim of the other: the circle goes by two relations that are there."""
    a, b, c, d = (make_claim() for _number in range(4))
    make_relation(b, c, kind="part_of")
    make_relation(d, a, kind="part_of")
    answers = at_once(
        [
            partial(relations.relate, a, to=b, kind="part_of", by=checker, at=LATER),
            partial(relations.relate, c, to=d, kind="part_of", by=editor, at=LATER),
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["ClaimRelation", "Refused"], answers


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_relate_two_claims_from_both_sides_one_is_told(
    editor: User, checker: User, _round: int
) -> None:
    a, b = make_claim(), make_claim()
    answers = at_once(
        [
            partial(relations.relate, a, to=b, kind="contradicts", by=checker, at=LATER),
            partial(relations.relate, b, to=a, kind="contradicts", by=editor, at=LATER),
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["ClaimRelation", "Refused"], answers


# Reviews


def outcome(answers: list[Any]) -> tuple[list[Any], list[Refused]]:
    """What was done, and what was refused; anything else is a fault of ours."""
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(done) + len(refused) == len(answers), answers
    return done, refused


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_at_one_review_the_slower_is_told_who_and_when(
    editor: User, checker: User, _round: int
) -> None:
    review = make_review(make_appearance(), state="proposed", author=checker)
    done, refused = outcome(
        at_once(
            [
                partial(reviews.approve, review, by=editor, at=LATER),
                partial(reviews.amend, review, summary="Risulta.", by=checker, at=LATER),
            ]
        )
    )
    assert len(done) == 1 and isinstance(refused[0], Overtaken)
    faster = editor if done[0].state == "approved" else checker
    assert str(faster) in refused[0].messages[0] and "07/05/2024" in refused[0].messages[0]
    review.refresh_from_db()
    assert (review.row_version, review.state, review.summary) == (2, done[0].state, done[0].summary)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_reviews_of_one_claim_the_slower_supersedes_nothing_unseen(
    editor: User, checker: User, _round: int
) -> None:
    appearance = make_appearance()
    proposals = [make_review(appearance, state="proposed", author=checker) for _ in range(2)]
    done, refused = outcome(
        at_once([partial(reviews.publish, review, by=editor, at=LATER) for review in proposals])
    )
    assert len(done) == 1 and isinstance(refused[0], Overtaken)
    assert list(Review.objects.current().filter(claim=appearance.claim)) == done


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_claim_is_given_to_one_of_two(editor: User, checker: User, _round: int) -> None:
    claim = make_claim()
    take = partial(assignments.assign, claim, due=None, at=LATER)
    done, refused = outcome(at_once([partial(take, to=who, by=who) for who in (editor, checker)]))
    assert len(done) == 1 and isinstance(refused[0], Overtaken)
    assert list(Assignment.objects.open().filter(claim=claim)) == done


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_what_is_found_to_accuse_while_it_is_published_does_not_hold_unconfirmed(
    editor: User, checker: User, _round: int
) -> None:
    review = make_review(make_appearance(), state="proposed", author=checker)
    at_once(
        [
            partial(reviews.publish, review, by=editor, at=LATER),
            partial(claims.weigh, review.claim, accuses="yes", accused="il Comune", by=checker, at=LATER),
        ]
    )
    review.refresh_from_db()
    review.claim.refresh_from_db()
    assert review.claim.accuses == "yes"
    assert (review.state, review.stale_cause) in {("proposed", ""), ("stale", "desk")}


def withdrawn_item(item: Evidence, by: User) -> partial[Evidence]:
    return partial(evidence.withdraw, item, reason="Era un altro atto.", by=by, at=LATER, row_version=1)


def withdrawn_document(item: Evidence, by: User) -> partial[Document]:
    return partial(documents.withdraw, item.document, reason="Era un falso.", by=by, at=LATER, row_version=1)


@pytest.mark.parametrize("taken_back", [withdrawn_item, withdrawn_document])
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_no_rating_is_published_on_evidence_that_goes_at_that_moment(
    taken_back: Callable[[Evidence, User], partial[Any]], editor: User, checker: User, _round: int
) -> None:
    review = make_review(make_appearance(), state="proposed", author=checker)
    Evidence.objects.filter(claim=review.claim).update(withdrawn_at=LATER, withdrawal_reason="Altro.")
    item = make_evidence(review.claim)
    Review.objects.filter(pk=review.pk).update(no_evidence_reason="")
    at_once([partial(reviews.publish, review, by=editor, at=LATER), taken_back(item, checker)])
    review.refresh_from_db()
    assert not review.claim.evidence.standing().exists()
    assert (review.state, review.stale_cause) in {("proposed", ""), ("stale", "document")}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_doubt_is_not_lost_in_a_text_that_is_saved(editor: User, checker: User, _round: int) -> None:
    review = make_review(make_appearance(article := make_article(), "dieci milioni"))
    doubted, saved = at_once(
        [
            partial(reviews.mark_stale, review, reason="Un atto nuovo.", by=checker, at=LATER),
            revision(article, "dodici", editor),
        ]
    )
    assert isinstance(saved, Revision)
    review.refresh_from_db()
    if isinstance(doubted, Review):
        assert (review.stale_cause, review.stale_reason, review.row_version) == ("desk", "Un atto nuovo.", 2)
    else:
        assert isinstance(doubted, Overtaken)
        assert (review.stale_cause, review.row_version) == ("words", 2)


def test_of_some_that_send_the_same_at_once_one_writes_and_all_are_answered() -> None:
    secret = "ctl_" + "o" * 43
    make_token(secret, user=User.objects.get(username="reporter"))
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "una-chiave"}
    body = {"text": "Il ponte è lungo.", "lang": "it"}

    def send() -> Any:
        client = Client(headers=headers)
        return client.post("/api/v1/claims", body, content_type="application/json")

    answers = at_once([send] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
    assert Claim.objects.filter(text=body["text"]).count() == 1
