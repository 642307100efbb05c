"""Who leaves the newsroom: all that they could come in with ends in one deed, and what they had is free.

What they did keeps their name. The deed is taken back by another, which gives back the account alone:
sessions and tokens stay ended, and a new password has to be set.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import ApiToken, Assignment, Claim, Presence, SavedView, User

from .deeds import record
from .refusals import Refused, require


class Left(NamedTuple):
    """What ended: sessions, tokens that acted as the person, claims that were theirs to check.

    `known` are tokens that act as others and were issued by them: they saw the secret.
    """

    person: User
    sessions: int
    revoked: list[ApiToken]
    released: list[Claim]
    known: list[ApiToken]


@transaction.atomic
def end_access(person: User, *, by: User, at: datetime) -> Left:
    """From now on this person comes in nowhere: not by password, session or token.

    The password is made unusable, and every session is signed with its hash: so none opens anything again
    wherever it is kept, even after the account was given back.
    """
    _may_decide_on(person, by=by)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not person.is_active:
        raise Refused(_("%(who)s has no access any more."), params={"who": person}, code="state")
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    return _all_ends(person, "person.leave", by=by, at=at)


@transaction.atomic
def lose_roles(person: User, *, by: User, at: datetime) -> Left:
    """What follows if the identity provider gives somebody no role any more: the same ends as for a leaver.

    The account stays, without work at the desk, so that the provider alone can give it back.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.is_staff = False
    person.set_unusable_password()
    person.save(update_fields=["is_staff", "password"])
    person.groups.clear()
    return _all_ends(person, "person.unroled", by=by, at=at)


def _all_ends(person: User, verb: str, *, by: User, at: datetime) -> Left:
    """All that somebody could come in with, whose password is no more; and it is written down."""
    left = Left(
        person,
        _end_sessions(person, at=at),
        _revoke_tokens(person, by=by, at=at),
        _release_claims(person, by=by, at=at),
        list(ApiToken.objects.valid(at=at).filter(created_by=person).exclude(user=person).order_by("pk")),
    )
    Presence.objects.filter(user=person).delete()
    after = {
        "person": person.username,
        "sessions": left.sessions,
        "tokens": [token.name for token in left.revoked],
        "released": [claim.code for claim in left.released],
        "known_tokens": [token.name for token in left.known],
    }
    record(verb, by=by, at=at, objects=[*left.revoked, *left.released], after=after)
    return left


@transaction.atomic
def give_back_access(person: User, *, by: User, at: datetime) -> User:
    """The account is there again, with the roles it had; nothing that opened it before does so now."""
    _may_decide_on(person, by=by)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.is_active:
        raise Refused(_("%(who)s has access."), params={"who": person}, code="state")
    person.is_active = True
    # A sign-in that had begun before they left, and waited for its second factor, ends with this.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    record("person.return", by=by, at=at, after={"person": person.username})
    return person


@transaction.atomic
def take_second_factors_away(person: User, *, by: User, at: datetime) -> None:
    """Who lost phone and codes begins anew: all second factors go, recovery codes and sessions too.

    Nobody does it to themselves: who sits at somebody's open page would be rid of it so.
    """
    _may_decide_on(person, by=by)
    factors = Authenticator.objects.select_for_update().filter(user=person)
    kinds = sorted(factor.type for factor in factors)
    if not kinds:
        raise Refused(_("There is no second factor."), code="state")
    Authenticator.objects.filter(user=person).delete()
    sessions = _end_sessions(person, at=at)
    before = {"person": person.username, "factors": kinds, "sessions": sessions}
    record("factor.take-away", by=by, at=at, before=before)


@transaction.atomic
def forget(person: User, *, by: User, at: datetime) -> User:
    """Takes name, address and role of who left out of the account, for good.

    What they did stays, of somebody without a name; so do the signatures under which it was published. Rows
    of the log that name an account by its user name are not rewritten (docs/privacy.md).
    """
    _may_decide_on(person, by=by)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.is_active:
        raise Refused(_("%(who)s still has access: end it first."), params={"who": person}, code="state")
    person.username, person.signature = f"leaver-{person.pk}", User.Signature.NEWSROOM
    person.first_name = person.last_name = person.email = person.role_title = ""
    person.notices, person.last_login = False, None
    person.save()
    Authenticator.objects.filter(user=person).delete()
    SavedView.objects.filter(user=person).delete()
    record("person.forget", by=by, at=at, after={"person": person.username})
    return person


def _may_decide_on(person: User, *, by: User) -> None:
    """Who may change people; not on themselves, nor on somebody who may more than they."""
    require(by, "change_user")
    if person.pk == by.pk:
        raise Refused(_("Somebody else has to do this for you."), code="self")
    may = User(pk=person.pk, is_superuser=person.is_superuser, is_active=True).get_all_permissions()
    if not may <= by.get_all_permissions():
        raise PermissionDenied(_("%(who)s may do what you may not.") % {"who": person})


def _end_sessions(person: User, *, at: datetime) -> int:
    """Deletes those in the database, where the person stands in code: each is looked into."""
    key = str(person.pk)
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=at).iterator(chunk_size=500)
        if session.get_decoded().get(SESSION_KEY) == key
    ]
    gone, _each = Session.objects.filter(pk__in=theirs).delete()
    return gone


def _revoke_tokens(person: User, *, by: User, at: datetime) -> list[ApiToken]:
    """All that are not revoked: one that expired says so afterwards as well."""
    mine = ApiToken.objects.select_for_update().filter(user=person, revoked_at=None).order_by("pk")
    revoked = list(mine)
    for token in revoked:
        token.revoked_by, token.revoked_at = by, at
    ApiToken.objects.bulk_update(revoked, ["revoked_by", "revoked_at"])
    return revoked


def _release_claims(person: User, *, by: User, at: datetime) -> list[Claim]:
    """Each leaves its own record, so that its page says who has it no more."""
    open_now = Assignment.objects.open().filter(assignee=person)
    keys = open_now.values_list("claim_id", flat=True)
    claims = list(Claim.objects.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk"))
    for assignment in open_now.filter(claim__in=claims).select_related("claim").order_by("claim_id"):
        assignment.close(at=at)
        before = {"to": person.username}
        record("claim.release", by=by, at=at, objects=[assignment.claim, assignment], before=before)
    return claims
