"""Who else is in an article, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.models import Presence, User


@dataclass(frozen=True, slots=True)
class PresencePart:
    """`known` names who is here, always in the same order: a page that shows the same needs no answer."""

    words: str
    known: str


def presence_part(presences: Sequence[Presence], user: User, *, at: datetime) -> PresencePart:
    """Of these, with their users, who is here now besides this user."""
    here = [
        presence.user for presence in presences if presence.user_id != user.pk and presence.is_here(at=at)
    ]
    here.sort(key=lambda person: (person.desk_name, person.username))
    names = [person.desk_name for person in here]
    return PresencePart(_words(names), " ".join(person.username for person in here))


def _words(names: list[str]) -> str:
    if not names:
        return ""
    listed = names[0]
    if len(names) > 1:
        listed = _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return ngettext("%(names)s is here", "%(names)s are here", len(names)) % {"names": listed}
