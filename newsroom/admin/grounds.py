"""What a public rating rests on, edited in the admin: the rating follows, as it does at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.timezone import now

from newsroom.actions import reviews
from newsroom.actions.reviews.following import grounded
from newsroom.actions.reviews.rows import lock_claims

from .listing import Listed


class GroundFollowed(Listed):
    """All of a save is one transaction: the row, its inlines, and the ratings that lost their ground."""

    def claims_resting_on(self, row: Any) -> Iterable[int]:
        """Keys of the claims whose ratings may rest on this row, as it is kept."""
        # Each admin page says it of its own rows; one that forgot would let a rating stand on nothing.
        raise NotImplementedError

    def lock_before(self, row: Any) -> None:
        """Its claims, so that no rating of them is published unseen."""
        lock_claims(self.claims_resting_on(row))

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        request.grounded = grounded(list(self.claims_resting_on(obj))) if change else []
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        reviews.follow_ground(request.grounded, by=request.user, at=now())
