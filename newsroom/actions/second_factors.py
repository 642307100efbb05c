"""Who lost phone and codes is given a new start by somebody who keeps the accounts."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import User

from .deeds import record
from .refusals import Refused, require


@transaction.atomic
def take_away(person: User, *, by: User, at: datetime) -> None:
    """All second factors of this person and their recovery codes; if they need one they set it up anew.

    Nobody does it to themselves: who sits at somebody's open page would be rid of it so.
    """
    require(by, "change_user")
    if person == by:
        raise Refused(_("Another person must do this for you."), code="person")
    factors = Authenticator.objects.select_for_update().filter(user=person)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise Refused(_("There is no second factor."), code="state")
    Authenticator.objects.filter(user=person).delete()
    record("factor.take-away", by=by, at=at, before={"person": person.username, "factors": kinds})
