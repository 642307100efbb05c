"""Assignments: a claim is given to somebody to check, or taken; and given back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from newsroom.models import Assignment, Claim, Notice, User

from .deeds import record
from .notices import tell
from .refusals import Overtaken, Refused, require


@transaction.atomic
def assign(
    claim: Claim,
    *,
    to: User,
    due: date | None,
    by: User,
    at: datetime,
    instead_of: Assignment | None = None,
) -> Assignment:
    """Who is to check a claim, and until when. While it is open, readers see that it is being checked.

    `instead_of` is the open assignment as it was shown: it is closed. If another is open, `Overtaken` says
    whose.
    """
    require(by, "add_assignment")
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if not (to.is_active and to.is_staff and to.has_perm("newsroom.add_review")):
        raise Refused(_("%(who)s may not review claims."), params={"who": to}, code="to")
    if due is not None and due < localdate(at):
        raise Refused(_("This day is past already."), code="due")
    open_now = Assignment.objects.open().filter(claim=claim).select_related("assignee", "by").first()
    if open_now is not None:
        if instead_of is None or instead_of.pk != open_now.pk:
            raise Overtaken.on_assignment(open_now)
        open_now.close(at=at)
    elif instead_of is not None:
        raise Overtaken(_("This assignment was closed in the meantime: look at it again."), code="outdated")
    assignment = Assignment.objects.create(claim=claim, assignee=to, due=due, by=by, at=at)
    record(
        "claim.assign",
        by=by,
        at=at,
        objects=[claim, assignment, *([open_now] if open_now else [])],
        before={"to": open_now.assignee.username} if open_now else None,
        after={"to": to.username, "due": due.isoformat() if due else ""},
    )
    tell(to, Notice.Reason.ASSIGNED, assignment=assignment, by=by, at=at)
    return assignment


@transaction.atomic
def release(claim: Claim, *, by: User, at: datetime) -> Assignment:
    """Nobody is to check it any more; a published review closes the assignment by itself."""
    require(by, "add_assignment")
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    assignment = Assignment.objects.open().filter(claim=claim).select_related("assignee").first()
    if assignment is None:
        raise Refused(_("This claim is assigned to nobody."), code="state")
    assignment.close(at=at)
    before = {"to": assignment.assignee.username}
    record("claim.release", by=by, at=at, objects=[claim, assignment], before=before)
    return assignment
