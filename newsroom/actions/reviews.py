"""Reviews: proposed by one person, published by another, gone stale, withdrawn.

The rules of the desk stand here once and every path passes through them:

- no rating without evidence, or without the reason why there is none;
- nobody approves their own review;
- an opinion or prediction that is rated otherwise than *opinion* names the facts that are judged;
- a rating belongs to the words it judged: they are copied when it is proposed, and must still stand when it
  is published.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from newsroom.models import Appearance, Article, Claim, RatingLevel, RatingScale, Review, Target, User
from newsroom.text.changes import same_words
from newsroom.text.selectors import joined

from .deeds import record, record_all
from .refusals import Refused, require


@transaction.atomic
def propose(
    claim: Claim,
    *,
    level: RatingLevel,
    summary: str,
    by: User,
    at: datetime,
    appearance: Appearance | None = None,
    judges: str = Review.Judges.CONTENT,
    **fields: Any,
) -> Review:
    """A review for an editor to decide on. With an `appearance` it judges the words that stand there now."""
    require(by, "add_review")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    revision, words = None, claim.text
    if appearance is not None:
        if appearance.claim_id != claim.pk:
            raise Refused(_("These words belong to another claim."), code="appearance")
        revision, words = _words_now(appearance)
    review = Review(
        claim=claim,
        level=level,
        judges=judges,
        appearance=appearance,
        revision=revision,
        judged_words=words,
        summary=summary.strip(),
        author=by,
        proposed_at=at,
        **fields,
    )
    review.full_clean()
    _hold_to_the_rules(review)
    review.save()
    record(
        "review.propose", by=by, at=at, article=_article(review), objects=[review, claim], after=_gist(review)
    )
    return review


@transaction.atomic
def publish(review: Review, *, by: User, at: datetime) -> Review:
    """Approves and publishes; the review that readers saw until now is superseded by this one."""
    require(by, "publish_review")
    review = Review.objects.select_for_update(of=("self",)).select_related("claim", "level").get(pk=review.pk)
    if review.state != Review.State.PROPOSED:
        raise Refused(_("Only a proposed review can be published."), code="state")
    if review.author_id == by.pk:
        raise Refused(_("Nobody approves their own review."), code="four-eyes")
    _hold_to_the_rules(review)
    if review.appearance is not None and _words_now(review.appearance)[1] != review.judged_words:
        raise Refused(_("The words have changed since they were judged: review them again."), code="words")
    earlier = Review.objects.select_for_update().current().filter(claim=review.claim).first()
    if earlier is not None:
        earlier.state = Review.State.SUPERSEDED
        earlier.save(update_fields=["state"])
        review.supersedes = earlier
    review.state, review.approver, review.published_at = Review.State.PUBLISHED, by, at
    review.save(update_fields=["state", "approver", "published_at", "supersedes"])
    record(
        "review.publish",
        by=by,
        at=at,
        article=_article(review),
        objects=[review, review.claim, *([earlier] if earlier else [])],
        after=_gist(review),
    )
    return review


@transaction.atomic
def withdraw(review: Review, *, reason: str, by: User, at: datetime) -> Review:
    """Takes a review back. Of one that was public, readers keep seeing that it was there, and why it went."""
    require(by, "publish_review")
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.state == Review.State.WITHDRAWN:
        raise Refused(_("This review was withdrawn already."), code="state")
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), code="reason")
    before = review.state
    review.state, review.withdrawal_reason = Review.State.WITHDRAWN, reason.strip()
    review.save(update_fields=["state", "withdrawal_reason"])
    record(
        "review.withdraw",
        by=by,
        at=at,
        article=_article(review),
        objects=[review],
        before={"state": before},
        after={"reason": reason.strip()},
    )
    return review


@transaction.atomic
def follow_words(article: Article, *, by: User, at: datetime) -> list[Review]:
    """After a new text: ratings whose words changed become stale; if the words came back, they hold again.

    Words are the same if only quotes, blanks, case or Unicode form differ. Answers with the reviews it moved.
    It asks for no permission: it is the consequence of a deed that did, and part of its transaction.
    """
    followed = list(
        Review.objects.following_words()
        .filter(appearance__annotation__in=article.annotations.live())
        .select_related("appearance")
    )
    words: dict[int, list[str]] = defaultdict(list)
    for annotation, exact in (
        Target.objects.placed()
        .filter(revision=article.current_revision, role=Target.Role.CONTENT)
        .order_by("ordinal")
        .values_list("annotation", "exact")
    ):
        words[annotation].append(exact)
    moved = []
    for review in followed:
        stands = same_words(joined(words[review.appearance.annotation_id]), review.judged_words)
        if stands and review.state == Review.State.STALE:
            review.state, review.stale_cause, review.stale_at = Review.State.PUBLISHED, "", None
        elif not stands and review.state == Review.State.PUBLISHED:
            review.state, review.stale_cause, review.stale_at = (
                Review.State.STALE,
                Review.StaleCause.WORDS,
                at,
            )
        else:
            continue
        moved.append(review)
    bulk_update_with_history(
        moved, Review, ["state", "stale_cause", "stale_at"], default_user=by, default_date=at
    )
    record_all(
        (f"review.{'stale' if review.state == Review.State.STALE else 'valid'}" for review in moved),
        moved,
        by=by,
        at=at,
        article=article,
    )
    return moved


def _hold_to_the_rules(review: Review) -> None:
    level, claim = review.level, review.claim
    if not RatingScale.objects.current().filter(pk=level.scale_id).exists():
        raise Refused(_("This rating belongs to an earlier version of the scale."), code="scale")
    if not (review.no_evidence_reason.strip() or claim.evidence.exists()):
        raise Refused(_("A rating needs evidence, or the reason why there is none."), code="evidence")
    if review.judges == Review.Judges.ATTRIBUTION:
        if level.is_opinion:
            raise Refused(_("Whether somebody said it is not an opinion."), code="level")
    elif claim.is_subjective and not level.is_opinion and not review.facts_judged.strip():
        raise Refused(
            _("This is an opinion or a prediction: say which facts the rating judges."), code="facts"
        )


def _words_now(appearance: Appearance) -> tuple[Any, str]:
    """The current revision and the claim's words in it; several spans are joined by an ellipsis.

    The article is locked, or a new text could come between the look at the words and the rating of them.
    """
    article = Article.objects.for_change().get(annotations=appearance.annotation_id)
    targets = list(
        Target.objects.live()
        .placed()
        .filter(
            annotation=appearance.annotation_id,
            revision=article.current_revision,
            role=Target.Role.CONTENT,
        )
        .order_by("ordinal")
    )
    if not targets:
        raise Refused(_("These words are no longer in the text."), code="orphan")
    return article.current_revision, joined(target.exact for target in targets)


def _article(review: Review) -> Any:
    return review.appearance.annotation.article if review.appearance_id else None


def _gist(review: Review) -> dict[str, str]:
    return {
        "rating": review.level.code_name,
        "judges": review.judges,
        "words": review.judged_words,
        "summary": review.summary,
    }
