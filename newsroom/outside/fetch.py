"""A page by its address, for a person who typed that address.

The danger is that the address is one that only this server can open (server-side request forgery). To look
at the name is not enough: a name may resolve to a private address, may resolve to another one a moment later
(DNS rebinding), and a page may redirect to anywhere. Nor is a list of forbidden notations: `2130706433`,
`0177.1` and `[::ffff:127.0.0.1]` are all this machine. So at each hop

1. the name is resolved here, once, and every address that it has must be public;
2. the connection goes to one of these addresses, by number, so that nothing is resolved again;
3. the name is kept for what needs it: the Host header, and in TLS the name that the certificate must prove;
4. a redirect is not followed but read, and is an address like the first.

The time is one for all hops. A timeout of a socket is not enough for it, since each byte that arrives begins
it anew: when the time is over, the connection is cut from outside. The size is counted after decompression.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import ip_address
from threading import Thread, Timer
from time import monotonic
from urllib.parse import urljoin

from django.template.defaultfilters import filesizeformat
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from .addresses import Address, is_public
from .unfetchable import (
    Answered,
    NamesUser,
    NameUnknown,
    NotWebAddress,
    PortRefused,
    PrivateAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unfetchable,
    Unreachable,
    Untrusted,
    WrongType,
)

TEXTS = ("text/html", "application/xhtml+xml", "text/plain")

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_PIECE = 64 * 1024


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them. A notation of a number is one as well."""
    return [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be fetched, and at what cost: `seconds` for all hops together, `size` in bytes."""

    seconds: float = 20
    size: int = 10_000_000
    redirects: int = 5
    ports: frozenset[int] = frozenset(_PORTS.values())
    content_types: tuple[str, ...] = TEXTS
    permits: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], list[str]] = resolve
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


@dataclass(frozen=True, slots=True)
class Page:
    """What came: the address that answered, type and charset as declared ("" if not), all that was asked."""

    url: str
    content_type: str
    body: bytes
    charset: str
    hops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request, its body decompressed."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Place:
    """One hop: what to ask, of whom. All `addresses` were permitted."""

    url: str
    scheme: str
    host: str
    port: int
    authority: str
    target: str
    addresses: tuple[str, ...]


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = monotonic() + seconds

    def left(self, host: str) -> float:
        """The seconds that are left. Raises TooSlow if there are none."""
        if (left := self.end - monotonic()) <= 0:
            raise self.passed(host)
        return left

    def passed(self, host: str) -> TooSlow:
        return TooSlow(host=host, seconds=f"{self.seconds:g}")


def fetch(url: str, policy: Policy | None = None) -> Page:
    """The page at an address, its redirects followed. Raises Unfetchable, with the reason."""
    policy = policy or Policy()
    deadline = _Deadline(policy.seconds)
    hops: list[str] = []
    while len(hops) <= policy.redirects:
        place = _place(url, policy, deadline)
        hops.append(place.url)
        with _answer(place, policy, deadline) as answer:
            if answer.status not in _REDIRECTS or not answer.headers.get("Location"):
                return _page(place, answer, policy, deadline, tuple(hops))
            url = _joined(place.url, answer.headers["Location"])
    raise TooManyRedirects(redirects=policy.redirects)


def post(url: str, body: bytes, *, headers: Mapping[str, str], policy: Policy | None = None) -> int:
    """Hands bytes over; the status of the answer, which is one of success. Raises Unfetchable otherwise.

    Behind the bounds of what is fetched, but that no redirect is followed: what is sent goes where it was
    addressed, or nowhere. What is answered is not read.
    """
    policy = policy or Policy()
    deadline = _Deadline(policy.seconds)
    place = _place(url, policy, deadline)
    with _answer(place, policy, deadline, method="POST", body=body, headers=headers) as answer:
        if not 200 <= answer.status < 300:
            raise Answered(host=place.host, status=answer.status)
        status: int = answer.status
        return status


def exchange(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    policy: Policy | None = None,
) -> Answer:
    """What one address answers, whatever its status and type: for a protocol that says what both mean.

    Behind the same bounds, but that no redirect is followed. Raises Unfetchable if there is no answer.
    """
    policy = policy or Policy()
    deadline = _Deadline(policy.seconds)
    place = _place(url, policy, deadline)
    with _answer(place, policy, deadline, method=method, body=body, headers=headers) as answer:
        return Answer(answer.status, dict(answer.headers), _read(place, answer, policy, deadline))


def check(url: str, policy: Policy | None = None) -> None:
    """Raises Unfetchable if the address is refused before anything is asked of it. Names are resolved."""
    policy = policy or Policy()
    _place(url, policy, _Deadline(policy.seconds))


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotWebAddress(url=location) from None


def _place(url: str, policy: Policy, deadline: _Deadline) -> _Place:
    url = url.strip()
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise NotWebAddress(url=url) from None
    if parts.scheme not in _PORTS or not parts.host:
        raise NotWebAddress(url=url)
    if parts.auth is not None:
        raise NamesUser
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if port not in policy.ports:
        raise PortRefused(port=port)
    host = parts.host.strip("[]")
    addresses = _resolved(host, port, policy, deadline)
    # One address that is not permitted is enough: who mixes them waits for us to choose it.
    if "%" in host or not all(policy.permits(ip_address(address)) for address in addresses):
        raise PrivateAddress(host=host)
    return _Place(
        url=parts._replace(fragment=None).url,
        scheme=parts.scheme,
        host=host,
        port=port,
        authority=parts.netloc or parts.host,
        target=parts.request_uri,
        addresses=addresses,
    )


def _resolved(host: str, port: int, policy: Policy, deadline: _Deadline) -> tuple[str, ...]:
    """In a thread of its own: the system's resolver knows no time limit of ours.

    A daemon: one that hangs would hold up the end of its process, which waits for the threads of an executor.
    """
    answer: Future[list[str]] = Future()

    def resolve() -> None:
        try:
            answer.set_result(policy.resolve(host, port))
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=resolve, name=f"resolve-{host}", daemon=True).start()
    try:
        found = answer.result(timeout=deadline.left(host))
    except TimeoutError:
        raise deadline.passed(host) from None
    except (OSError, UnicodeError):
        raise NameUnknown(host=host) from None
    if not found:
        raise NameUnknown(host=host)
    return tuple(dict.fromkeys(found))


@contextmanager
def _answer(
    place: _Place,
    policy: Policy,
    deadline: _Deadline,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[BaseHTTPResponse]:
    """The answer with its headers, its body still to be read. When the time is over it is cut off."""
    connection = _connected(place, policy, deadline)
    cut = Timer(deadline.left(place.host), _cut, [connection.sock])
    cut.daemon = True
    cut.start()
    try:
        connection.request(
            method,
            place.target,
            body=body,
            headers=_headers(place, policy) | dict(headers or {}),
            preload_content=False,
        )
        with closing(connection.getresponse()) as answer:
            yield answer
    except (HTTPError, HTTPException, OSError):
        deadline.left(place.host)
        raise Unreachable(host=place.host) from None
    finally:
        cut.cancel()
        connection.close()


def _connected(place: _Place, policy: Policy, deadline: _Deadline) -> HTTPConnection:
    """A connection to the first of the addresses that takes one. It goes to the number that was checked."""
    why: Unfetchable = Unreachable(host=place.host)
    for address in place.addresses:
        timeout = deadline.left(place.host)
        connection = (
            HTTPSConnection(
                address, place.port, timeout=timeout, ssl_context=policy.tls, server_hostname=place.host
            )
            if place.scheme == "https"
            else HTTPConnection(address, place.port, timeout=timeout)
        )
        try:
            connection.connect()
        except ssl.SSLCertVerificationError:
            why = Untrusted(host=place.host)
        except (HTTPError, OSError):
            pass
        else:
            return connection
        connection.close()
    deadline.left(place.host)
    raise why


def _cut(connected: socket.socket) -> None:
    """Ends whatever waits for this connection."""
    with suppress(OSError):  # it has ended by itself
        connected.shutdown(socket.SHUT_RDWR)


def _headers(place: _Place, policy: Policy) -> dict[str, str]:
    return {
        "Host": place.authority,
        "User-Agent": "Controluce",
        "Accept": ", ".join(policy.content_types),
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def _page(
    place: _Place, answer: BaseHTTPResponse, policy: Policy, deadline: _Deadline, hops: tuple[str, ...]
) -> Page:
    if answer.status != 200:
        raise Answered(host=place.host, status=answer.status)
    content_type, charset = _declared(answer.headers.get("Content-Type", ""))
    if content_type not in policy.content_types:
        raise WrongType(content_type=content_type or "?")
    return Page(place.url, content_type, _read(place, answer, policy, deadline), charset, hops)


def _read(place: _Place, answer: BaseHTTPResponse, policy: Policy, deadline: _Deadline) -> bytes:
    too_large = TooLarge(size=filesizeformat(policy.size))
    if (answer.length_remaining or 0) > policy.size:
        raise too_large
    body = bytearray()
    while piece := answer.read(_PIECE):
        body += piece
        if len(body) > policy.size:
            raise too_large
        deadline.left(place.host)
    # A body without a declared length that was cut off looks as if it were whole.
    deadline.left(place.host)
    return bytes(body)


def _declared(header: str) -> tuple[str, str]:
    """Type and charset of a Content-Type, in small letters."""
    content_type, *parameters = (part.strip() for part in header.lower().split(";"))
    charsets = [
        value.strip("\"' ") for name, _, value in (p.partition("=") for p in parameters) if name == "charset"
    ]
    return content_type, charsets[0] if charsets else ""
