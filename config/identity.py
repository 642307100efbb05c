"""Signing in by another house (OpenID Connect), as the environment describes it; off unless one is named."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import env_int, env_list, env_secret, env_text

#: All of its variables begin so.
_PREFIX = "CONTROLUCE_OIDC_"
_SCOPES = ("openid", "profile", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """Who proves to us who somebody is, and what we make of it."""

    #: As it writes itself in what it signs, letter by letter.
    issuer: str
    client_id: str
    secret: str
    #: What the page to sign in on calls it.
    name: str
    scopes: tuple[str, ...] = _SCOPES
    #: Where it says the groups of somebody, and which role each of them gives here.
    groups_claim: str = "groups"
    roles: dict[str, str]
    #: Values of its `amr` or `acr` that count as a second factor proved. With none, ours is asked for.
    second_factors: frozenset[str] = frozenset()
    #: Networks that it may be asked in though they are not public, such as "10.1.0.0/16".
    networks: tuple[str, ...] = ()
    #: After so many hours who came by it comes by it again, with the groups of that hour.
    hours: int = 12


def identity_provider(*, local: bool) -> IdentityProvider | None:
    """Raises ImproperlyConfigured if what there is of it makes no sense together."""
    if f"{_PREFIX}ISSUER" not in os.environ:
        if alone := sorted(name for name in os.environ if name.startswith(_PREFIX)):
            raise ImproperlyConfigured(f"{alone[0]} is set, but {_PREFIX}ISSUER is not.")
        return None
    issuer = env_text(f"{_PREFIX}ISSUER", default="")
    parts = urlsplit(issuer)
    if parts.scheme not in ({"https", "http"} if local else {"https"}) or not parts.hostname:
        raise ImproperlyConfigured(f"{_PREFIX}ISSUER is {issuer!r}: write https://…")
    if parts.query or parts.fragment or len(issuer) > 200 or not _has_possible_port(parts):
        raise ImproperlyConfigured(f"{_PREFIX}ISSUER is {issuer!r}: that is no issuer.")
    hours = env_int(f"{_PREFIX}HOURS", default=12)
    if not hours:
        raise ImproperlyConfigured(f"{_PREFIX}HOURS is 0: nobody would stay signed in. Write 1 or more.")
    secret = env_secret(f"{_PREFIX}CLIENT_SECRET")
    if secret is None:
        raise ImproperlyConfigured(f"{_PREFIX}CLIENT_SECRET_FILE must be set.")
    scopes = tuple(env_list(f"{_PREFIX}SCOPES")) or _SCOPES
    if "openid" not in scopes:
        raise ImproperlyConfigured(f"{_PREFIX}SCOPES must have openid among them.")
    return IdentityProvider(
        issuer=issuer,
        client_id=env_text(f"{_PREFIX}CLIENT_ID", default=""),
        secret=secret,
        name=env_text(f"{_PREFIX}NAME", default=parts.hostname),
        scopes=scopes,
        groups_claim=env_text(f"{_PREFIX}GROUPS_CLAIM", default="groups"),
        roles=_roles(f"{_PREFIX}ROLES"),
        second_factors=frozenset(env_list(f"{_PREFIX}SECOND_FACTORS")),
        networks=_networks(f"{_PREFIX}NETWORKS"),
        hours=hours,
    )


def emergency_account(*, passwords: bool, provider: IdentityProvider | None) -> str:
    """The one account whose password opens the site when nothing else does; "" if none is named.

    Raises ImproperlyConfigured if without it nobody could come in at all, or not always.
    """
    name = os.environ.get("CONTROLUCE_EMERGENCY_ACCOUNT", "").strip()
    if not passwords and provider is None:
        raise ImproperlyConfigured("Without CONTROLUCE_PASSWORDS and CONTROLUCE_OIDC_ISSUER nobody comes in.")
    if not passwords and not name:
        raise ImproperlyConfigured(
            "Without CONTROLUCE_PASSWORDS, CONTROLUCE_EMERGENCY_ACCOUNT must name the account that comes in "
            "when the identity provider is away."
        )
    return name


def _has_possible_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _roles(name: str) -> dict[str, str]:
    """`group=Role` pairs: separated by commas, or one a line in the file that `<name>_FILE` names."""
    value = env_secret(name) or ""
    pairs = value.splitlines() if f"{name}_FILE" in os.environ else value.split(",")
    roles = {}
    for pair in filter(str.strip, pairs):
        # A group may be called by an equation, as in LDAP; a role is not.
        group, equals, role = (part.strip() for part in pair.rpartition("="))
        if not (equals and group and role):
            raise ImproperlyConfigured(f"{name} has {pair.strip()!r}: write group=Role.")
        roles[group] = role
    if not roles:
        raise ImproperlyConfigured(f"{name} must say which group gives which role: nobody could come in.")
    return roles


def _networks(name: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(each)) for each in env_list(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None
