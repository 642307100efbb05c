"""Tokens for programs: issued, once shown, and revoked.

Nobody makes a token that may more than they themselves: it acts as a person whose permissions the one who
issues it all has.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import ApiToken, User
from newsroom.models.token import PREFIX, digest_of

from .deeds import record
from .refusals import Refused, require

#: What every secret begins with: so that it is recognised where it should not be.
MARK = "ctl_"


class Issued(NamedTuple):
    """`secret` is in no row, record or log: who asked for it sees it now or never."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue(
    user: User,
    *,
    name: str,
    scopes: Sequence[str],
    by: User,
    at: datetime,
    expires_at: datetime | None = None,
) -> Issued:
    """A token that acts as `user`, within these scopes."""
    require(by, "add_apitoken")
    if not name.strip():
        raise Refused(_("Say which program it is for."), code="name")
    if not scopes or not set(scopes) <= set(ApiToken.Scope.values):
        raise Refused(_("Choose what the token may do."), code="scopes")
    if expires_at is not None and expires_at <= at:
        raise Refused(_("This moment is past already."), code="expires_at")
    if not (user.is_active and user.is_staff):
        raise Refused(_("%(who)s does not work at the desk."), params={"who": user}, code="user")
    if not user.get_all_permissions() <= by.get_all_permissions():
        raise Refused(_("%(who)s may do what you may not."), params={"who": user}, code="user")
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name.strip(),
        user=user,
        scopes=[scope for scope in ApiToken.Scope.values if scope in scopes],
        digest=digest_of(secret),
        prefix=secret[:PREFIX],
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    after = {"name": token.name, "user": user.username, "scopes": token.scopes}
    record("token.issue", by=by, at=at, objects=[token], after=after)
    return Issued(token, secret)


@transaction.atomic
def revoke(token: ApiToken, *, by: User, at: datetime) -> ApiToken:
    """From now on it opens nothing."""
    require(by, "change_apitoken")
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise Refused(_("This token was revoked already."), code="state")
    token.revoked_by, token.revoked_at = by, at
    token.save(update_fields=["revoked_by", "revoked_at"])
    record("token.revoke", by=by, at=at, objects=[token], before={"name": token.name})
    return token
