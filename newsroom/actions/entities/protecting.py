"""Who is protected: minors, victims, those whom search engines are not to find. At once, on every page."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.actions.deeds import record
from newsroom.actions.refusals import Refused, require
from newsroom.models import Entity, User

from .locking import locked


@transaction.atomic
def protect(entity: Entity, *, privacy: str, reason: str, by: User, at: datetime) -> Entity:
    """From now on its name stands in the articles' own words and nowhere else. Whoever may change a name may
    protect it: haste is on the side of the person."""
    require(by, "change_entity")
    entity = locked(entity)
    if privacy not in Entity.Privacy.values:
        raise Refused(_("Say what it is protected as."), code="privacy")
    if not reason.strip():
        raise Refused(_("Say why, for the desk."), code="reason")
    before = entity.privacy
    entity.privacy, entity.protection_reason = privacy, reason.strip()
    entity.protected_by, entity.protected_at = by, at
    _save(entity)
    record(
        "entity.protect",
        by=by,
        at=at,
        objects=[entity],
        before={"protection": before},
        after={"protection": privacy, "reason": reason.strip()},
    )
    return entity


@transaction.atomic
def unprotect(entity: Entity, *, reason: str, by: User, at: datetime) -> Entity:
    """It has a page and links again. That is for fewer people to decide."""
    require(by, "unprotect_entity")
    entity = locked(entity)
    if not entity.privacy:
        raise Refused(_("This name is not protected."), code="privacy")
    if not reason.strip():
        raise Refused(_("Say why, for the desk."), code="reason")
    before = {"protection": entity.privacy, "reason": entity.protection_reason}
    entity.privacy, entity.protection_reason = "", ""
    entity.protected_by = entity.protected_at = None
    _save(entity)
    record(
        "entity.unprotect",
        by=by,
        at=at,
        objects=[entity],
        before=before,
        after={"protection": "", "reason": reason.strip()},
    )
    return entity


def _save(entity: Entity) -> None:
    entity.save(update_fields=["privacy", "protection_reason", "protected_by", "protected_at"])
    entity.sources.all().follow_protection()
