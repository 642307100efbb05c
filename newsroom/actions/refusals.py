"""Why a deed was not done. Each message is fit for the person who tried."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from newsroom.models import Annotation, Revision, User


class Refused(ValidationError):
    """A rule of the house stands against the deed; nothing was written."""


class Outdated(Refused):
    """Somebody saved in between. `revision` is theirs; what was typed is still with the caller."""

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
                "when": date_format(localtime(revision.at), "SHORT_DATETIME_FORMAT"),
            },
            code="outdated",
        )


class Overtaken(Refused):
    """Somebody changed or withdrew this annotation in between; what was typed is still with the caller."""

    def __init__(self, annotation: Annotation):
        self.annotation = annotation
        words = (
            _("%(who)s withdrew this tag in the meantime, on %(when)s.")
            if annotation.state == Annotation.State.WITHDRAWN
            else _("%(who)s changed this tag in the meantime, on %(when)s: yours has not been saved.")
        )
        when = localtime(annotation.changed_at or annotation.at)
        params = {
            "who": annotation.changed_by or annotation.by,
            "when": date_format(when, "SHORT_DATETIME_FORMAT"),
        }
        super().__init__(words, params=params, code="outdated")


def require(by: User, permission: str) -> None:
    """Raises PermissionDenied unless `by` holds `newsroom.<permission>`."""
    if not by.has_perm(f"newsroom.{permission}"):
        raise PermissionDenied(_("You may not do this."))
