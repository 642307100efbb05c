"""Who failed to sign in too often and waits is let in sooner, by somebody who knows them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from newsroom.models import Lockout, User

from .deeds import record
from .refusals import require


@transaction.atomic
def lift(lockout: Lockout, *, by: User, at: datetime) -> None:
    """The failures of this name from this address are forgotten.

    The record names an account alone: what was typed as a name may have been a password.
    """
    require(by, "delete_lockout")
    known = User.objects.filter(username=lockout.username).values_list("username", flat=True)
    before = {"person": next(iter(known), "—"), "failures": lockout.failures_since_start}
    Lockout.objects.filter(username=lockout.username, ip_address=lockout.ip_address).delete()
    record("lockout.lift", by=by, at=at, before=before)
