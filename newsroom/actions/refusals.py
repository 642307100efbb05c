"""Why a deed was not done. Each message is fit for the person who tried."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from newsroom.models import Annotation, Assignment, Deed, Entity, Review, Revision, User
from newsroom.models.identity import Identified


class Refused(ValidationError):
    """A rule of the house stands against the deed; nothing was written."""


class Overtaken(Refused):
    """Somebody else was faster, and it says who and when. What was typed is still with the caller."""

    @classmethod
    def on(cls, annotation: Annotation) -> Overtaken:
        """By what was last done to an annotation."""
        deed = Deed.objects.touching(annotation).select_related("actor").first()
        if deed is None:
            return cls(_("This annotation was changed in the meantime: look at it again."), code="outdated")
        params = {"who": deed.actor, "when": _moment(deed.at), "reason": annotation.withdrawal_reason}
        if annotation.state == Annotation.State.WITHDRAWN:
            words = _("%(who)s withdrew this annotation in the meantime, on %(when)s: “%(reason)s”.")
            return cls(words, params=params, code="withdrawn")
        words = _("%(who)s changed this annotation in the meantime, on %(when)s: look at it again.")
        return cls(words, params=params, code="outdated")

    @classmethod
    def on_row(cls, row: Identified) -> Overtaken:
        """By what was last done to it, as the log has it."""
        deed = Deed.objects.last_on(row)
        if deed is None:
            return cls(_("This was changed in the meantime: look at it again."), code="outdated")
        words = _("%(who)s changed this in the meantime, on %(when)s: look at it again.")
        return cls(words, params={"who": deed.actor, "when": _moment(deed.at)}, code="outdated")

    @classmethod
    def on_review(cls, review: Review) -> Overtaken:
        """By what was last done to a review, as its history has it."""
        last = review.history.select_related("history_user").order_by("-history_id").first()
        if last is None or last.history_user is None:
            return cls(_("This review was changed in the meantime: look at it again."), code="outdated")
        words = _("%(who)s changed this review in the meantime, on %(when)s: look at it again.")
        params = {"who": last.history_user, "when": _moment(last.history_date)}
        return cls(words, params=params, code="outdated")

    @classmethod
    def by_another(cls, review: Review) -> Overtaken:
        """By the review that readers see since after this one was written."""
        words = _(
            "Since this was written, on %(when)s, another review of the claim was published, by %(who)s: "
            "look at that one, and change this one."
        )
        params = {"who": review.author, "when": _moment(review.published_at)}
        return cls(words, params=params, code="outdated")

    @classmethod
    def on_assignment(cls, assignment: Assignment) -> Overtaken:
        words = _("%(by)s assigned this claim to %(to)s in the meantime, on %(when)s.")
        params = {"by": assignment.by, "to": assignment.assignee, "when": _moment(assignment.at)}
        return cls(words, params=params, code="outdated")

    @classmethod
    def by_merging(cls, entity: Entity) -> Overtaken:
        """An entity that somebody merged into another one."""
        params = {
            "who": entity.merge.actor,
            "when": _moment(entity.merge.at),
            "name": entity.merged_into.name,
        }
        words = _("%(who)s merged this name into “%(name)s” in the meantime, on %(when)s.")
        return cls(words, params=params, code="merged")


class Outdated(Overtaken):
    """Somebody saved another text in between: `revision` is theirs."""

    def __init__(self, revision: Revision):
        self.revision = revision
        super().__init__(
            _(
                "%(who)s saved revision %(number)s of this text in the meantime, on %(when)s: "
                "yours has not been saved."
            ),
            params={
                "who": revision.by,
                "number": revision.number,
                "when": _moment(revision.at),
            },
            code="outdated",
        )


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def require(by: User, permission: str) -> None:
    """Raises PermissionDenied unless `by` holds `newsroom.<permission>`."""
    if not by.has_perm(f"newsroom.{permission}"):
        raise PermissionDenied(_("You may not do this."))


class Sent(Overtaken):
    """A form that adds a row was sent before, with other words: what it added then stands."""

    def __init__(self) -> None:
        super().__init__(
            _("This form was sent already, with other words, which are here: send it again to add these."),
            code="sent",
        )
