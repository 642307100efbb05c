"""Readers of environment variables: one kind of value each. None guesses; nonsense is `ImproperlyConfigured`.

A variable that is not set has the default; one that is set but empty is nonsense where a value is needed.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
#: The usual port of each way to hand mail over: TLS once connected, TLS from the start, none.
_MAIL_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}

_BOOLEANS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def env_bool(name: str, *, default: bool) -> bool:
    """A switch, written 1/0, true/false, yes/no or on/off."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return _BOOLEANS[value.strip().lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.") from None


def env_choice(name: str, *, of: Collection[str], default: str) -> str:
    """One of these words."""
    value = os.environ.get(name, default)
    if value not in of:
        raise ImproperlyConfigured(f"{name} is {value!r}: write {' or '.join(of)}.")
    return value


def env_int(name: str, *, default: int) -> int:
    """A whole number, not negative."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.")
    return int(value)


def env_paces(name: str, *, default: dict[str, int]) -> dict[str, int]:
    """How often in a minute, by the kind: `search=200,write=0` changes these two."""
    paces = dict(default)
    for each in env_list(name):
        kind, _equals, number = each.partition("=")
        if kind not in default or not (number.isascii() and number.isdigit()):
            known = ", ".join(default)
            raise ImproperlyConfigured(f"{name} has {each!r}: write kind=number, of {known}.")
        paces[kind] = int(number)
    return paces


def env_days(name: str, *, default: dict[str, int]) -> dict[str, int]:
    """Days by kind, written `kind=days` and separated by commas; a kind that is not named has its default."""
    days = dict(default)
    for pair in env_list(name):
        kind, _equals, number = pair.partition("=")
        if kind not in default or not (number.isascii() and number.isdigit() and int(number) > 0):
            raise ImproperlyConfigured(
                f"{name} is {os.environ[name]!r}: write kind=days, of {', '.join(default)}."
            )
        days[kind] = int(number)
    return days


def env_ports(name: str, *, besides: set[int]) -> set[int]:
    """Numbers of ports separated by commas, and those that are there without a word."""
    ports = env_list(name)
    if not all(port.isascii() and port.isdigit() and 0 < int(port) < 2**16 for port in ports):
        raise ImproperlyConfigured(f"{name} is {os.environ[name]!r}: write numbers of ports.")
    return besides | {int(port) for port in ports}


def env_list(name: str) -> list[str]:
    """Values separated by commas; none if the variable is not set."""
    value = os.environ.get(name)
    if value is None:
        return []
    items = [item.strip() for item in value.split(",")]
    if not all(items):
        raise ImproperlyConfigured(f"{name} is {value!r}: one of its values is empty.")
    return items


def env_services(name: str, *, of: Collection[str]) -> dict[str, str]:
    """`catalogue=https://address` pairs separated by commas; each catalogue is one `of` these."""
    services = dict(item.partition("=")[::2] for item in env_list(name))
    if not all(key in of and address.startswith("https://") for key, address in services.items()):
        raise ImproperlyConfigured(
            f"{name} is {os.environ[name]!r}: write catalogue=https://…, and as catalogue {', '.join(of)}."
        )
    return services


def env_maker(name: str) -> str:
    """What makes something, as `package.module:name`; "" if it is not set. It need not be there."""
    value = os.environ.get(name, "").strip()
    if value and not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", value):
        raise ImproperlyConfigured(f"{name} is {value!r}: write package.module:name.")
    return value


def env_text(name: str, *, default: str) -> str:
    """A word or an address."""
    value = os.environ.get(name, default)
    if not value.strip():
        raise ImproperlyConfigured(f"{name} is empty.")
    return value.strip()


def env_secret(name: str) -> str | None:
    """A secret, from the variable `name` or the file that `name`_FILE names; None if neither is set."""
    value, file = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value is not None and file is not None:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set: keep one.")
    if file is not None:
        try:
            value = Path(file).read_text(encoding="utf-8")
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from error
    if value is None:
        return None
    if not value.strip():
        raise ImproperlyConfigured(f"{name} is empty.")
    return value.strip()


def env_sender(name: str) -> str:
    """The address that mail comes from, with or without a name before it. It must be set."""
    value = os.environ.get(name, "").strip()
    try:
        [(_name, address)] = getaddresses([value])
        validate_email(address)
    except (ValidationError, ValueError):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write the address that mail comes from, such as redazione@example.org."
        ) from None
    return value


def kept_secret(path: Path) -> str:
    """A random secret, made once and kept in the file `path`, so that a restart signs nobody out."""
    return _kept(path, secrets.token_urlsafe(50))


def _kept(path: Path, secret: str) -> str:
    """The secret in the file `path`: this one, unless there is another already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret)
    return secret


def env_signing_key(name: str) -> Ed25519PrivateKey | None:
    """A private key (Ed25519, PEM), from the variable or from the file that `<name>_FILE` names; or none."""
    value = env_secret(name)
    return signing_key(value, said_by=name) if value else None


def kept_signing_key(path: Path) -> Ed25519PrivateKey:
    """A key of this machine's own, made once and kept in the file `path`."""
    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return signing_key(_kept(path, made.decode()), said_by=str(path))


def signing_key(pem: str, *, said_by: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        # The value is a secret: no message repeats it.
        raise ImproperlyConfigured(f"{said_by} holds no private Ed25519 key in PEM, without a password.")
    return key


def loopback_only(name: str, hosts: list[str]) -> list[str]:
    """The names that only this machine answers to. `hosts`, the value of variable `name`, may add none."""
    if strangers := [host for host in hosts if host not in LOOPBACK_HOSTS]:
        raise ImproperlyConfigured(
            f"The demo is for this machine alone, but {name} has {', '.join(strangers)}."
        )
    return list(LOOPBACK_HOSTS)


def database_from_url(
    url: str, *, base: Path, pool: int = 0, behind_pgbouncer: bool = False
) -> dict[str, Any]:
    """Django's description of the database at `url`.

    `sqlite:///file`, relative to `base` (four slashes make it absolute), or
    `postgresql://user:password@host:port/name`. What follows a `?` goes to PostgreSQL's client library;
    `host` there may name the folder of a socket.

    A process opens `pool` connections to PostgreSQL at most, which its threads share; with 0 each thread
    keeps one of its own. Behind PgBouncer nothing is used that outlives a transaction.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
        options: dict[str, str] = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}.") from None
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database.")
    if parts.scheme == "sqlite" and not parts.netloc and not options:
        return _sqlite(base / name)
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", parts.hostname or ""),
            "PORT": options.pop("port", port),
            # One that goes back to a pool after each request is kept there.
            "CONN_MAX_AGE": 0 if pool else 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options | _pooled(pool, behind_pgbouncer=behind_pgbouncer),
            "DISABLE_SERVER_SIDE_CURSORS": behind_pgbouncer,
        }
    # The address itself may hold a password: no message repeats it.
    raise ImproperlyConfigured(
        "DATABASE_URL is neither sqlite:///file nor postgresql://user:password@host/name."
    )


def replica_from_url(url: str, *, base: Path, **how: Any) -> dict[str, Any]:
    """The same of a replica: one that does not answer is given up soon, for the primary can answer too."""
    replica = database_from_url(url, base=base, **how)
    if replica["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_REPLICA_URLS are of PostgreSQL: SQLite has no replicas.")
    # Seconds until it must be connected; milliseconds that what was sent may stay unacknowledged.
    replica["OPTIONS"] = {"connect_timeout": "2", "tcp_user_timeout": "5000"} | replica["OPTIONS"]
    return replica


def _pooled(pool: int, *, behind_pgbouncer: bool) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if behind_pgbouncer:
        # The next statement may meet another server, where nothing of this name was prepared.
        options["prepare_threshold"] = None
    if pool:
        # Seconds: who waits for one longer is refused; one too many goes after five minutes, and each in an
        # hour, so that a server that was replaced is forgotten.
        options["pool"] = {
            "min_size": 1,
            "max_size": pool,
            "timeout": 10,
            "max_idle": 300,
            "max_lifetime": 3600,
        }
    return options


def cache_from_url(url: str) -> dict[str, Any]:
    """Django's description of the cache at `url`: `redis://…`, `rediss://…` (TLS), `database:` or `local:`.

    One that is asked over a network answers within a fifth of a second or not at all.
    """
    if url == "local:":
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "pages",
            "OPTIONS": {"MAX_ENTRIES": 300},
        }
    if url == "database:":
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "controluce_pages",
            "OPTIONS": {"MAX_ENTRIES": 5_000},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ImproperlyConfigured(
            "CONTROLUCE_CACHE: write redis://host:6379/0, rediss:// for TLS, database: or local:."
        )
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "controluce",
        "OPTIONS": {
            "serializer": "newsroom.outside.shared_cache.SignedBytes",
            "socket_connect_timeout": 0.2,
            "socket_timeout": 0.2,
        },
    }


def purge_address(name: str) -> str:
    """An http or https address, or "" if the variable is not set."""
    url = os.environ.get(name, "").strip()
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise ImproperlyConfigured(f"{name}: write an address such as https://cdn.example.org/purge.")
    return url


def mail_from_url(url: str) -> dict[str, Any]:
    """Django's settings of the mail server at `url`, by name.

    `smtp://user:password@host:port` turns to TLS once it is connected, `smtps://…` begins with it,
    `smtp+plain://host:port` does without, and takes no password; each has its usual port if none is named.
    `console:` prints what would be sent; with an empty `url` nothing is sent.
    """
    if url in ("", "console:"):
        kind = "console" if url else "dummy"
        return {"EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}
    try:
        parts = urlsplit(url)
        port = parts.port or _MAIL_PORTS[parts.scheme]
        whole = parts.scheme in _MAIL_PORTS and parts.hostname and not parts.path.strip("/")
    except (KeyError, ValueError):
        whole = False
    # The address itself may hold a password: no message repeats it.
    if not whole:
        raise ImproperlyConfigured(
            "CONTROLUCE_MAIL_URL is no smtp://user:password@host:port, smtps://…, smtp+plain://… or console:"
        )
    if parts.scheme == "smtp+plain" and parts.password:
        raise ImproperlyConfigured("CONTROLUCE_MAIL_URL would send its password in the clear: write smtp://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    """SQLite for many readers and one writer at a time. Django turns foreign keys on itself."""
    return {
        "ENGINE": "config.sqlite",
        "NAME": path,
        # To open the file and set it up costs as much as three queries.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A transaction that has read cannot wait for the lock when it comes to write: it fails at once.
            # IMMEDIATE takes the lock at the start, where waiting (`timeout`, in seconds) works.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # In WAL mode NORMAL loses no consistency, only the last commits if the machine's power goes.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
