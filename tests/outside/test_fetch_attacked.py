"""Servers that mean harm, really answering: nothing of this house is opened, held up, or filled by them.

No test waits: a server is held until its client has gone, and each fetch ends by a deadline of a fraction of
a second, or at once.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

import brotli
import pytest
import trustme

from newsroom.outside.fetch import Policy, fetch
from newsroom.outside.unfetchable import (
    NotWebAddress,
    PrivateAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unfetchable,
    Unreachable,
)
from tests.local_web import ADDRESS, LocalWeb, local_web, permits_the_local_web

#: What a fetch may take beyond its deadline, on a machine that does much else.
GRACE = 4
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with local_web() as web:
        yield web


@contextmanager
def server(answer: Callable[[socket.socket, Event], None]) -> Iterator[int]:
    """A port of the local web where `answer` has each connection, until the client has gone."""
    over = Event()
    listening = socket.create_server((ADDRESS, 0))

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _address = listening.accept()
                Thread(target=one, args=[connection], daemon=True).start()

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            answer(connection, over)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def policy(port: int, **given: Any) -> Policy:
    return Policy(ports=frozenset({port}), permits=permits_the_local_web, **({"seconds": 0.4} | given))


def drip(connection: socket.socket, over: Event, head: bytes, then: bytes) -> None:
    """The head at once, then a byte at a time: no single wait is ever long."""
    connection.sendall(head)
    while not over.wait(0.02):
        connection.sendall(then)


# Slowness


@pytest.mark.parametrize(
    "head",
    [b"", b"\x16", b"\x16\x03\x03\x40\x00", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03"],
    ids=["silent", "one byte", "a record", "a hello"],
)
@pytest.mark.parametrize("drips", [True, False], ids=["dripping", "silent"])
def test_a_handshake_has_no_more_time_than_the_page(head: bytes, drips: bool) -> None:
    def answer(connection: socket.socket, over: Event) -> None:
        connection.sendall(head)
        while drips and not over.wait(0.02):
            connection.sendall(b"\x00")
        over.wait(10)

    with server(answer) as port:
        begun = monotonic()
        with pytest.raises((TooSlow, Unreachable)):
            fetch(f"https://{ADDRESS}:{port}/", policy(port))
        assert monotonic() - begun < 0.4 + GRACE


def test_a_name_of_many_slow_addresses_has_the_time_of_one() -> None:
    with server(lambda connection, over: over.wait(10)) as port:
        begun = monotonic()
        slow = policy(port, resolve=lambda host, port: [ADDRESS, "127.0.0.2"] * 20)
        with pytest.raises(TooSlow):
            fetch(f"https://giornale.example:{port}/", slow)
        assert monotonic() - begun < 0.4 + GRACE


@pytest.mark.parametrize(
    ("head", "then"),
    [
        (OK + b"\r\n", b"a"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 ", b"2"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (OK, b"X: y\r\n"),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10], b"\x00\x00\x00\xff\xff"),
        (OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
        (OK + b"Content-Encoding: br\r\n\r\n", b"\x06"),
    ],
    ids=[
        "body", "chunks", "length of a chunk", "trailers", "status", "continue", "headers", "empty blocks",
        "empty members", "brotli",
    ],
)  # fmt: skip
def test_whatever_drips_is_cut_off(head: bytes, then: bytes) -> None:
    with server(lambda connection, over: drip(connection, over, head, then)) as port:
        begun = monotonic()
        with pytest.raises(Unfetchable):
            fetch(f"http://{ADDRESS}:{port}/", policy(port))
        assert monotonic() - begun < 0.4 + GRACE


def test_a_secure_body_that_drips_is_cut_off_and_is_no_page() -> None:
    authority = trustme.CA()
    theirs, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("giornale.example").configure_cert(theirs)
    authority.configure_trust(ours)

    def answer(connection: socket.socket, over: Event) -> None:
        with theirs.wrap_socket(connection, server_side=True) as secure:
            secure.recv(4096)
            drip(secure, over, OK + b"\r\n", b"a" * 100)

    with server(answer) as port:
        begun = monotonic()
        with pytest.raises(TooSlow):
            known = policy(port, tls=ours, resolve=lambda host, port: [ADDRESS])
            fetch(f"https://giornale.example:{port}/", known)
        assert monotonic() - begun < 0.4 + GRACE


# Weight

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda content: gzip.compress(content, 9),
    "x-gzip": lambda content: gzip.compress(content, 9),
    "deflate": lambda content: zlib.compress(content, 9),
    "br": lambda content: brotli.compress(content, quality=5),
}


def packed(names: str, size: int) -> bytes:
    content = b"a" * size
    for name in names.split(", "):
        content = PACKED[name](content)
    return content


@pytest.mark.parametrize(
    "names",
    [
        "gzip", "deflate", "br", "gzip, gzip", "deflate, gzip", "br, gzip", "gzip, br, deflate",
        "gzip, gzip, gzip, gzip, gzip", ", ".join(["gzip"] * 40), ", ".join(["br"] * 20),
    ],
    ids=[
        "gzip", "deflate", "br", "gzip twice", "deflate gzip", "br gzip", "three", "gzip five times",
        "gzip forty times", "br twenty times",
    ],
)  # fmt: skip
def test_a_bomb_is_put_down_before_it_fills_the_memory(web: LocalWeb, names: str) -> None:
    web.serve("/", packed(names, 60_000_000), Content_Encoding=names)
    tracemalloc.start()
    try:
        with pytest.raises(Unfetchable) as refused:
            fetch(web.url(), web.policy(size=100_000, seconds=10))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    assert isinstance(refused.value, TooLarge | Unreachable)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 " + b"a" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html" + b";a=b" * 15_000 + b"\r\n\r\n",
        OK + b"Content-Length: -1\r\n\r\nabc",
        OK + b"Content-Length: 1, 2\r\n\r\nabc",
        OK + b"Content-Length: 99999999999999999999999999\r\n\r\nabc",
        OK + b"Content-Length: abc\r\n\r\nabc",
        OK + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\nabc",
        OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc",
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 70_000 + b"\r\nabc",
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\nabc",
        OK + b"Content-Encoding: gzip\r\n\r\nabc",
        OK + b"Content-Encoding: br\r\n\r\n\xff\xff\xff",
        OK + b"Content-Encoding: " + b"gzip, " * 5000 + b"\r\n\r\nabc",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\x00\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://" + b"a" * 60_000 + b"/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://a.example:999999999999/\r\n\r\n",
        b"\xff" * 100_000,
        b"HTTP/1.1 \r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
    ],
    ids=[
        "long header", "many headers", "long reason", "long type", "negative length", "two lengths",
        "endless length", "no length", "endless chunk", "negative chunk", "long chunk", "no chunk",
        "no gzip", "no brotli", "many encodings", "half an address", "no address", "long name", "no port",
        "no http", "no status", "odd status",
    ],
)  # fmt: skip
def test_an_answer_that_is_odd_is_refused_in_words(answer: bytes) -> None:
    """Nothing but a reason for the person comes of it, and the short ones of these may be a page."""

    def send(connection: socket.socket, over: Event) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    with server(send) as port, suppress(Unfetchable):
        page = fetch(f"http://{ADDRESS}:{port}/", policy(port, seconds=3))
        assert len(page.body) <= 3


# Inside


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "0", "0.0.0.0",
        "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]",
        "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::10.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]",
        "[::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[100::1]", "[2001:db8::1]",
        "[3fff::1]", "[5f00::1]", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.1", "192.0.0.8", "192.0.0.192", "198.18.0.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "localhost", "LOCALHOST", "localhost.", "①②⑦.⓪.⓪.①",
        "127。0。0。1", "１２７.０.０.１",
    ],
)  # fmt: skip
def test_a_redirect_leads_to_nothing_inside(web: LocalWeb, host: str) -> None:
    """However it is written: nothing is asked there."""
    asked: list[socket.socket] = []
    with server(lambda connection, over: asked.append(connection)) as port:
        there = f"http://{host}:{port}/"
        if host.isascii():  # others are no header; a person may type them
            web.redirect("/", there)
            there = web.url("/")
        permitted = web.policy(seconds=5)
        inside = Policy(
            ports=permitted.ports | {port}, permits=permitted.permits, resolve=permitted.resolve, seconds=5
        )
        with pytest.raises(Unfetchable) as refused:
            fetch(there, inside)
    assert not isinstance(refused.value, TooSlow | Unreachable | TooManyRedirects)
    assert asked == []


def test_a_name_that_means_another_place_when_it_is_asked_again_is_not_asked_again(web: LocalWeb) -> None:
    """Each hop looks once, and connects to what it saw; the second hop, seeing this machine, is refused."""
    asked: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        asked.append(host)
        return [ADDRESS] if len(asked) == 1 else ["127.0.0.1"]

    web.serve("/ponte", "<p>Il ponte.</p>")
    there = web.url("/ponte", host="giornale.example")
    turned = Policy(ports=frozenset({web.port}), permits=permits_the_local_web, resolve=turning)
    assert fetch(there, turned).body == b"<p>Il ponte.</p>"
    assert asked == ["giornale.example"]

    asked.clear()
    web.redirect("/ponte", web.url("/altro", host="giornale.example"))
    with pytest.raises(PrivateAddress):
        fetch(there, turned)
    assert [path for _host, path in web.asked] == ["/ponte", "/ponte"]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "data:text/html,a", "javascript:1"],
)
def test_a_redirect_leads_to_the_web_alone(web: LocalWeb, location: str) -> None:
    web.redirect("/", location)
    with pytest.raises(NotWebAddress):
        fetch(web.url("/"), web.policy())


@pytest.mark.parametrize(
    "path", ["/a\r\nX-Injected: 1", "/a b", "/\x00", "/è\n", "/%0d%0aX: 1", "/#\r\nX: 1"]
)
def test_an_address_writes_no_header(web: LocalWeb, path: str) -> None:
    seen: list[bytes] = []

    def send(connection: socket.socket, over: Event) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(OK + b"Content-Length: 1\r\n\r\na")

    with server(send) as port, suppress(Unfetchable):
        fetch(f"http://{ADDRESS}:{port}{path}", policy(port, seconds=3))
    lines = [line for request in seen for line in request.split(b"\r\n")]
    assert not any(line.lower().startswith(b"x") for line in lines)
