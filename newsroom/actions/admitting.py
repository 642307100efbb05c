"""Who comes from the identity provider: their account here, and the roles that their groups give this time.

An account belongs to who the provider calls by this subject, and to nobody else. Another with the same mail
address is theirs only if the provider says that the address was proved, and nobody came by it before; and
never one that can do what no role gives. From then on its password opens nothing: who lost their groups would
come in by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from newsroom.models import CHECKER, EDITOR, REPORTER, User
from newsroom.models.user import is_same_address

from .deeds import record
from .people import lose_roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the provider signed of somebody. `is_proved`: that the mail address is theirs."""

    subject: str
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    is_proved: bool = False
    groups: frozenset[str] = frozenset()


class Outcome(Enum):
    ADMITTED = "admitted"
    #: None of the groups gives a role; what there was has ended.
    NO_ROLE = "no-role"
    #: The newsroom itself ended this access.
    LEFT = "left"
    #: An account that may not be theirs has the address.
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Admission:
    outcome: Outcome
    person: User | None = None


@transaction.atomic
def admit(said: Said, *, at: datetime) -> Admission:
    """The account of who was proved to be there, with the roles of their groups, or why there is none.

    Two who come at once are taken one after the other: the rows of the groups are locked first.
    """
    known = list(Group.objects.select_for_update().order_by("pk"))
    names = {settings.OIDC.roles[name] for name in said.groups if name in settings.OIDC.roles}
    roles = [group for group in known if group.name in names]
    link = _links(said.subject).select_related("user").first()
    person = link.user if link else None
    if person is None:
        if not roles:
            return Admission(Outcome.NO_ROLE)
        person = _taken_over(said, at=at)
        if person is None:
            return Admission(Outcome.TAKEN)
    elif not person.is_active or person.is_for_emergencies:
        return Admission(Outcome.LEFT)
    elif not roles:
        if person.is_staff:
            lose_roles(person, by=person, at=at)
        return Admission(Outcome.NO_ROLE)
    return Admission(Outcome.ADMITTED, _with_roles(person, roles, at=at))


def _links(subject: str) -> object:
    return SocialAccount.objects.filter(provider=settings.OIDC.issuer, uid=subject)


def _taken_over(said: Said, *, at: datetime) -> User | None:
    """An account for who comes for the first time: the one with their address, or a new one; None if neither
    may be.
    """
    same = list(User.objects.select_for_update(no_key=True).filter(email__iexact=said.email)[:2])
    if not said.email or not same:
        return _made(said, at=at)
    person = same[0]
    if len(same) > 1 or not said.is_proved or not is_same_address(person.email, said.email):
        return None
    if not person.is_active or person.is_superuser or person.is_for_emergencies:
        return None
    if SocialAccount.objects.filter(user=person).exists():
        return None
    person.set_unusable_password()
    person.save(update_fields=["password"])
    _link(person, said)
    record("person.link", by=person, at=at, after={"person": person.username})
    return person


def _made(said: Said, *, at: datetime) -> User:
    person = User(
        username=_free_name(said),
        first_name=_line(said.first_name),
        last_name=_line(said.last_name),
        # An address that is not proved could be somebody else's, to whom letters would go.
        email=said.email if said.is_proved else "",
    )
    person.set_unusable_password()
    person.save()
    _link(person, said)
    record("person.join", by=person, at=at, after={"person": person.username})
    return person


def _link(person: User, said: Said) -> None:
    SocialAccount.objects.create(user=person, provider=settings.OIDC.issuer, uid=said.subject)


def _with_roles(person: User, roles: list[Group], *, at: datetime) -> User:
    """With these roles and no other that the provider could give; what somebody here gave besides stays."""
    given = {REPORTER, CHECKER, EDITOR, *settings.OIDC.roles.values()}
    had = set(person.groups.filter(name__in=given))
    if had == set(roles) and person.is_staff:
        return person
    person.groups.remove(*(had - set(roles)))
    person.groups.add(*roles)
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    before, after = sorted(group.name for group in had), sorted(group.name for group in roles)
    record(
        "person.roles",
        by=person,
        at=at,
        before={"person": person.username, "roles": before},
        after={"person": person.username, "roles": after},
    )
    return User.objects.get(pk=person.pk)


def _free_name(said: Said) -> str:
    """A user name that nobody has: theirs, with a number if need be."""
    wanted = said.username or said.email.partition("@")[0]
    name = re.sub(r"[^\w.@+-]", "", wanted)[:140] or "persona"
    number, free = 1, name
    # The account for emergencies may still have to be made.
    kept = settings.EMERGENCY_ACCOUNT.casefold()
    while free.casefold() == kept or User.objects.filter(username__iexact=free).exists():
        number += 1
        free = f"{name}-{number}"
    return free


def _line(words: str) -> str:
    """What somebody is called, without what no name has."""
    return "".join(filter(str.isprintable, words))[:150].strip()
