"""Caches on the way are told what is shown otherwise now: after the commit, as often as it takes.

The outbox is `Shown` itself: a row whose token is not the one that was told last. So what changed ten times
is told once, nothing is lost if a process dies, and what failed is tried with whatever comes next, or by the
command `purge_shared`.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.utils.timezone import now
from django_tasks import task

from newsroom.models import Shown
from newsroom.models.shown import names_of
from newsroom.outside import purging

log = logging.getLogger("newsroom.cache")

#: Names in one request, which go into a header.
PORTION = 100


@task
def tell_caches() -> int:
    """How many things were told of; what the cache did not take waits for the next time."""
    try:
        return told(at=now())
    except purging.Untold as fault:
        log.warning("The cache on the way was not told what to forget (%s).", fault)
        return 0


def waits(*, at: datetime) -> bool:
    """Whether there is a cache on the way, and something to tell it."""
    return bool(settings.PURGE_URL) and Shown.objects.untold(at=at).exists()


def told(*, at: datetime) -> int:
    """Tells all that waits, a portion at a time, and how many things it was. `Untold` if one is not taken."""
    number = 0
    while settings.PURGE_URL and (rows := list(Shown.objects.untold(at=at).order_by("pk")[:PORTION])):
        if names := names_of(rows):
            purging.forget(names)
        for row in rows:
            # What changed again meanwhile is told again.
            Shown.objects.filter(pk=row.pk).update(told=row.token)
        number += len(rows)
    return number
