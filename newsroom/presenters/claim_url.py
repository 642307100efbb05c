"""Where the desk reviews a claim."""

from __future__ import annotations

from django.urls import reverse

from newsroom.models import Claim


def claim_url(claim: Claim) -> str:
    """The review page of a claim, in the active language."""
    return reverse("desk:claim", args=[claim.code])
