"""Claims: added, and related to one another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.models import Claim, ClaimWording, User

from .deeds import record
from .refusals import require


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
