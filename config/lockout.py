"""Who fails to sign in too often waits: what django-axes is told of this house (docs/decisions, 120)."""

from __future__ import annotations

import ipaddress
import unicodedata
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

#: The one page on which a name is typed.
SIGN_IN = "admin:login"


def address(request: HttpRequest) -> str | None:
    """Where somebody tries from, of IPv6 the network, which is one customer; None if that is not known."""
    # There are no models yet when this module is read.
    from newsroom.views.pacing import address_of

    try:
        found = ipaddress.ip_address(address_of(request))
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str | None:
    """Where a name is typed, what somebody typed: not whose account it is, which the count would else tell.

    Elsewhere whose code or password is asked for: a field that somebody adds to that form says nothing. All
    spellings that Django takes for one name are one here.
    """
    asked = getattr(request, "resolver_match", None)
    typed = request.POST.get("username", "") if request and asked and asked.view_name == SIGN_IN else ""
    known = typed or (credentials or {}).get("username")
    return unicodedata.normalize("NFKC", known.strip()[:255]).casefold()[:255] if known else None


class Handler(AxesDatabaseHandler):
    """Two limits, in the order of AXES_LOCKOUT_PARAMETERS: of a name from an address, and of an address.

    By the name alone nobody is locked out: anybody could do that to anybody.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures as if there were one limit, that of a name from an address."""
        named, from_there = map(_failures, self.get_user_attempts(request, credentials))
        share: int = from_there * settings.SIGN_IN_FAILURES // settings.SIGN_IN_FAILURES_BY_ADDRESS
        return max(named, share)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Signing in forgives the name alone: who has an account could else try the others for ever."""
        named, _from_there = self.filter_user_attempts(request, credentials)
        gone: int = named.delete()[0]
        return gone


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    failures: int | None = attempts.aggregate(sum=Sum("failures_since_start"))["sum"]
    return failures or 0
