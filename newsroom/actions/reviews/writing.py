"""A review is written: proposed by somebody, and changed while nobody has approved it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.refusals import Refused, require
from newsroom.models import Appearance, Claim, RatingLevel, Review, User

from .rows import gist, left, lock_article, locked_claim, taken
from .rules import hold_to_the_rules, words_now

#: What may be given by name besides what `propose` names itself: nothing that another deed decides.
_FIELDS = frozenset(
    {"lang", "explanation", "facts_judged", "no_evidence_reason", "no_primary_reason", "no_request_reason"}
)
_AMENDED = _FIELDS | {"level", "judges", "appearance", "summary"}


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
    """A review for an editor to decide on. With an `appearance` it judges the words that stand there now.

    `fields` are the language, the explanation, the facts judged and the reasons for what is missing.
    """
    require(by, "add_review")
    _hold_to_names(fields, _FIELDS)
    lock_article(appearance.pk if appearance else None)
    claim = locked_claim(claim.pk)
    review = Review(
        claim=claim,
        level=level,
        judges=judges,
        appearance=appearance,
        summary=summary.strip(),
        author=by,
        proposed_at=at,
        **fields,
    )
    _judge_words(review)
    return left("review.propose", review, by=by, at=at, after=gist(review))


@transaction.atomic
def amend(review: Review, *, by: User, at: datetime, row_version: int | None = None, **fields: Any) -> Review:
    """Changes what was proposed or sent back; it is proposed then, and judges the words that stand there now.

    `fields` are those of `propose`; what is not named stays. Who is not the author becomes one of those who
    wrote it, and does not approve it any more.
    """
    require(by, "change_review")
    _hold_to_names(fields, _AMENDED)
    review = taken(review, row_version=row_version)
    if review.state not in (Review.State.PROPOSED, Review.State.CHANGES):
        raise Refused(_("Only a review that nobody has approved yet can be changed."), code="state")
    before = gist(review) | {"state": review.state}
    for name, value in fields.items():
        setattr(review, name, value.strip() if name == "summary" else value)
    review.state, review.amended_at = Review.State.PROPOSED, at
    _judge_words(review)
    if by.pk != review.author_id:
        review.contributors.add(by)
    return left("review.amend", review, by=by, at=at, before=before, after=gist(review))


def _judge_words(review: Review) -> None:
    """Copies the words as they stand, and holds the whole to the rules."""
    claim, appearance = review.claim, review.appearance
    review.revision, review.judged_words = None, claim.text
    if appearance is not None:
        if appearance.claim_id != claim.pk:
            raise Refused(_("These words belong to another claim."), code="appearance")
        review.revision, review.judged_words = words_now(appearance)
    review.full_clean()
    hold_to_the_rules(review)


def _hold_to_names(fields: dict[str, Any], known: frozenset[str]) -> None:
    """A programming error, not a refusal: no form sends another name."""
    if unknown := fields.keys() - known:
        raise TypeError(f"a review is not written with {', '.join(sorted(unknown))}")
