"""The account for when nobody else comes in: whoever answers for the newsroom is told that it was used."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from newsroom.models import EDITOR, Notice, User

from .deeds import record


@transaction.atomic
def came_in(person: User, *, by: User, at: datetime) -> None:
    """Before the session opens. Each editor who has an address gets a letter, whatever notices they want."""
    record("emergency.use", by=by, at=at, after={"person": person.username})
    for editor in User.objects.at_work().filter(groups__name=EDITOR).exclude(email="").exclude(pk=person.pk):
        Notice.objects.create(user=editor, reason=Notice.Reason.EMERGENCY, at=at)
