"""Claims: added, and weighed: whether they accuse somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Claim, ClaimWording, Review, User
from newsroom.text.changes import same_words
from newsroom.text.folding import fold

from .deeds import record
from .refusals import Refused, require
from .reviews.deciding import lapse, lapse_of, stale_by_desk
from .reviews.following import has_ground
from .reviews.rows import locked_claim


@transaction.atomic
def add(*, by: User, at: datetime, wordings: Mapping[str, str] | None = None, **fields: Any) -> Claim:
    """A claim in its canonical wording; `wordings` gives other languages, by BCP 47 tag."""
    require(by, "add_claim")
    claim = Claim(**fields)
    claim.full_clean()
    claim.save()
    ClaimWording.objects.bulk_create(
        ClaimWording(claim=claim, lang=lang, text=text) for lang, text in (wordings or {}).items()
    )
    record("claim.add", by=by, at=at, objects=[claim], after={"text": claim.text, "kind": claim.kind})
    return claim


@transaction.atomic
def weigh(claim: Claim, *, accuses: str, by: User, at: datetime, accused: str = "") -> Claim:
    """Says whether a claim accuses or discredits a living person or a named organisation, and whom.

    A public rating that was approved without what such a claim asks for is to be checked again from now on.
    Who was asked for comment until now was asked as the one whom it accused: another one was not.
    """
    require(by, "change_claim")
    claim = locked_claim(claim.pk)
    accused = accused.strip()
    if accuses not in (Claim.Accuses.NO, Claim.Accuses.YES):
        raise Refused(_("Say whether the claim accuses somebody."), code="accuses")
    if accuses == Claim.Accuses.YES and not accused:
        raise Refused(_("Say whom it accuses."), code="accused")
    before = {"accuses": claim.accuses, "accused": claim.accused}
    claim.accuses, claim.accused = accuses, accused if accuses == Claim.Accuses.YES else ""
    claim.full_clean()
    claim.save()
    after = {"accuses": claim.accuses, "accused": claim.accused}
    record("claim.weigh", by=by, at=at, objects=[claim], before=before, after=after)
    if accuses == Claim.Accuses.YES:
        claim.requests.filter(whom="").update(whom=before["accused"] or claim.accused)
        if before["accused"] and fold(before["accused"]) != fold(claim.accused):
            lapse_of(
                claim, reason=_("The claim accuses somebody else than when it was approved."), by=by, at=at
            )
        review = _not_doubted(claim)
        if review is not None and (reason := _accuses_otherwise(review, claim, before["accused"])):
            stale_by_desk(review, reason=reason, by=by, at=at)
    return claim


def _accuses_otherwise(review: Review, claim: Claim, accused: str) -> str:
    if not review.accuses:
        return _("Since it was rated, the newsroom found that the claim accuses somebody.")
    if fold(accused) != fold(claim.accused):
        return _("Since it was rated, the newsroom found that the claim accuses somebody else.")
    return ""


@transaction.atomic
def follow(claim: Claim, *, was: Claim, by: User, at: datetime) -> Review | None:
    """After a claim was edited: a public rating of what it said before is to be checked again.

    What was approved of it, and is not public yet, is so no more. It asks for no permission: it is the
    consequence of an edit that did, and part of its transaction. Answers with the review, if it went stale.
    """
    approved = Review.objects.select_for_update(of=("self",)).filter(state=Review.State.APPROVED, claim=claim)
    for waiting in approved.select_related("claim", "level"):
        if reason := _no_longer_judged(waiting, claim, was):
            lapse(waiting, reason=reason, by=by, at=at)
    review = _not_doubted(claim)
    if review is None or not (reason := _no_longer_judged(review, claim, was)):
        return None
    return stale_by_desk(review, reason=reason, by=by, at=at)


def _no_longer_judged(review: Review, claim: Claim, was: Claim) -> str:
    if not same_words(claim.text, was.text):
        return _("Since it was rated, the claim has been worded otherwise.")
    if claim.claimant_id != was.claimant_id and review.judges == Review.Judges.ATTRIBUTION:
        return _("Since it was rated, the newsroom found that somebody else said it.")
    if claim.is_subjective and not was.is_subjective and not has_ground(review):
        return _("Since it was rated, the newsroom found that it is an opinion or a prediction.")
    return ""


def _not_doubted(claim: Claim) -> Review | None:
    """The review that readers see, locked, unless the desk doubts it already.

    One that is stale for another cause could hold again: words return, somebody looks at a document.
    """
    current = Review.objects.select_for_update(of=("self",)).current()
    not_doubted = current.exclude(stale_cause=Review.StaleCause.DESK)
    return not_doubted.filter(claim=claim).select_related("claim", "level").first()
