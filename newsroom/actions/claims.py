"""Claims: added, and weighed: whether they accuse somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Claim, ClaimWording, Review, User

from .deeds import record
from .refusals import Refused, require
from .reviews.deciding import stale_by_desk
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
    published = Review.objects.select_for_update(of=("self",)).filter(state=Review.State.PUBLISHED)
    review = published.filter(claim=claim).select_related("level").first()
    if accuses == Claim.Accuses.YES and review is not None and not review.accuses:
        reason = _("Since it was rated, the newsroom found that the claim accuses somebody.")
        stale_by_desk(review, reason=reason, by=by, at=at)
    return claim
