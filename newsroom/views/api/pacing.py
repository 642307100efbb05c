"""How often a program may ask: by its token, or by its address if it sends none.

Counted by the minute of the clock in the cache of this process, so that no other service is needed and the
database is not written to: with several processes the limit is as many times as large, and one that starts
anew counts from nothing. It keeps a program that runs wild from the others' time; it is no defence against
many addresses at once, which is the server's in front.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv6Address
from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from newsroom.models import ApiToken

WINDOW = 60
#: Of an address of IPv6: a house has as many as it likes behind these.
NETWORK = 64


def seconds_to_wait(request: HttpRequest, token: ApiToken | None) -> int:
    """0 if this may be answered, which counts; else the seconds until the next may be."""
    most = settings.API_PER_MINUTE_BY_TOKEN if token else settings.API_PER_MINUTE
    if not most:
        return 0
    second = int(time())
    who = f"token-{token.pk}" if token else _network(address_of(request))
    key = f"api-{who}-{second // WINDOW}"
    cache.add(key, 0, 2 * WINDOW)
    try:
        asked = cache.incr(key)
    except ValueError:  # pushed out between the two, by many others
        return 0
    return WINDOW - second % WINDOW if asked > most else 0


def address_of(request: HttpRequest) -> str:
    """Who asks. What they write into `X-Forwarded-For` themselves stands before what our proxy adds."""
    if settings.BEHIND_PROXY:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if told:
            return told[:64]
    return request.META.get("REMOTE_ADDR", "")


def _network(address: str) -> str:
    """A key for the cache: no blank and no control in it."""
    try:
        return f"{int(IPv6Address(address)) >> (128 - NETWORK):x}"
    except AddressValueError:
        return "".join(each for each in address if each.isalnum() or each in ".-")
