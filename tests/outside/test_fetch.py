"""Pages are fetched from public places alone, within bounds, by a server that really answers."""

from __future__ import annotations

import gzip
import os
import ssl
import subprocess
import sys
import zlib
from collections.abc import Iterator
from time import monotonic

import pytest
import trustme
from django.utils import translation

from newsroom.outside.fetch import Page, Policy, check, fetch, resolve
from newsroom.outside.unfetchable import (
    Answered,
    NamesUser,
    NameUnknown,
    NotUnderstood,
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
from tests.local_web import ADDRESS, Handler, LocalWeb, local_web

HTML = "<p>Perché il ponte è chiuso.</p>"


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    with local_web() as web:
        yield web


# What comes


def test_a_page_comes_as_it_is(web: LocalWeb) -> None:
    url = web.serve("/ponte?x=1", HTML.encode("latin-1"), content_type='Text/HTML; Charset="ISO-8859-1"')
    assert fetch(url, web.policy()) == Page(
        url, "text/html", HTML.encode("latin-1"), "iso-8859-1", hops=(url,)
    )


def test_a_name_is_asked_for_by_its_name_at_the_address_that_was_checked(web: LocalWeb) -> None:
    web.serve("/ponte", HTML)
    asked: list[str] = []

    def resolve_once(host: str, port: int) -> list[str]:
        asked.append(host)
        return [ADDRESS] if len(asked) == 1 else ["127.0.0.1"]  # rebinding: another answer the second time

    page = fetch(web.url("/ponte", host="giornale.example"), web.policy(resolve=resolve_once))
    assert page.body == HTML.encode()
    assert web.asked == [(f"giornale.example:{web.port}", "/ponte")]
    assert asked == ["giornale.example"]


def test_an_address_that_does_not_answer_is_passed_over_for_one_that_does(web: LocalWeb) -> None:
    web.serve("/", HTML)
    policy = web.policy(names={"giornale.example": ["127.0.0.3", ADDRESS]}, permits=lambda address: True)
    assert fetch(web.url("/", host="giornale.example"), policy).body == HTML.encode()


def test_redirects_are_followed_hop_by_hop(web: LocalWeb) -> None:
    web.serve("/ponte/", HTML)
    web.redirect("/b", "../ponte/#commenti", status=308)
    first = web.redirect("/a", web.url("/b"), status=301)
    page = fetch(first, web.policy())
    assert page.hops == (first, web.url("/b"), web.url("/ponte/"))
    assert page.url == web.url("/ponte/")


def test_what_is_compressed_is_unpacked(web: LocalWeb) -> None:
    for path, encoding, body in (
        ("/gzip", "gzip", gzip.compress(HTML.encode())),
        ("/deflate", "deflate", zlib.compress(HTML.encode())),
    ):
        web.serve(path, body, Content_Encoding=encoding)
        assert fetch(web.url(path), web.policy()).body == HTML.encode()


def test_words_and_signs_of_any_language_in_an_address_are_written_as_http_wants_them(web: LocalWeb) -> None:
    web.serve("/caff%C3%A8%20nero?q=%C3%A8", HTML)
    assert fetch(web.url("/caffè nero?q=è"), web.policy()).body == HTML.encode()


def test_a_name_in_any_script_is_looked_up_in_its_ascii_form(web: LocalWeb) -> None:
    web.serve("/", HTML)
    policy = web.policy(names={"xn--citt-3na.example": [ADDRESS]})
    assert fetch(web.url("/", host="Città.example"), policy).body == HTML.encode()


# Where it may come from


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://giornale.example/a",
        "gopher://127.0.0.1:80/",
        "javascript:alert(1)",
        "giornale.example/ponte",
        "http:///ponte",
        "http:\\\\127.0.0.1\\",
        "http://gior nale.example/",
        "http://１２７.0.0.1/",
        "http://[::1/",
        "http://a:99999/",
        "",
        "\0",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(NotWebAddress):
        fetch(url)


@pytest.mark.parametrize(
    "url", ["http://ada@giornale.example/", "http://:@giornale.example/", "http://a:b@c/"]
)
def test_a_user_name_in_an_address_is_refused(url: str) -> None:
    with pytest.raises(NamesUser):
        fetch(url)


@pytest.mark.parametrize("port", [0, 22, 25, 8000, 6379])
def test_a_port_that_is_not_the_webs_is_refused(port: int) -> None:
    with pytest.raises(PortRefused, match=str(port)):
        fetch(f"http://giornale.example:{port}/")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127%2E0%2E0%2E1",
        "0",
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:0001]",
        "[64:ff9b::7f00:1]",
        "[fe80::1%251]",
        "[fe80::1%25lo]",
        "[::1%251]",
        "10.0.0.1",
        "192.168.0.1",
        "172.16.9.9",
        "169.254.169.254",
        "2852039166",
        "[fd00:ec2::254]",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    """`resolve` is the real one: whatever the system would connect to is looked at."""
    with pytest.raises(PrivateAddress):
        fetch(f"http://{host}/")
    with pytest.raises(PrivateAddress):
        check(f"https://{host}/")


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:192.168.0.1"],
        ["fe80::1%2"],
        ["93.184.216.34", "10.0.0.1"],
        ["2606:4700:4700::1111", "169.254.169.254"],
    ],
)
def test_a_name_with_one_private_address_is_refused(addresses: list[str]) -> None:
    policy = Policy(resolve=lambda host, port: addresses)
    with pytest.raises(PrivateAddress, match=r"inner\.example"):
        fetch("https://inner.example/", policy)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "//127.0.0.1/segreto",
        "http://localhost/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://inner.example/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused(web: LocalWeb, location: str) -> None:
    policy = web.policy(names={"inner.example": ["10.0.0.1"]})
    web.redirect("/b", location)
    with pytest.raises(PrivateAddress):
        fetch(web.redirect("/a", "/b"), policy)


def test_nothing_is_asked_of_a_private_address_that_listens() -> None:
    """The same server, without the permission to ask it: it is never connected to."""
    with local_web() as web:
        policy = Policy(ports=frozenset({web.port}))
        with pytest.raises(PrivateAddress):
            fetch(web.serve("/", HTML), policy)
        assert web.asked == []


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", NotWebAddress),
        ("http://[::1/", NotWebAddress),
        ("http://ada:hush@giornale.example/", NamesUser),
        ("http://giornale.example:22/", PortRefused),
    ],
)
def test_a_redirect_is_an_address_like_the_first(
    web: LocalWeb, location: str, reason: type[Unfetchable]
) -> None:
    with pytest.raises(reason):
        fetch(web.redirect("/a", location), web.policy())


def test_redirects_have_an_end(web: LocalWeb) -> None:
    with pytest.raises(TooManyRedirects, match="3"):
        fetch(web.redirect("/a", "/a"), web.policy(redirects=3))
    assert len(web.asked) == 4


def test_a_name_that_nobody_has_is_unknown() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    for resolver in (nobody, lambda host, port: []):
        with pytest.raises(NameUnknown, match=r"nobody\.example"):
            fetch("https://nobody.example/", Policy(resolve=resolver))
    with pytest.raises(NameUnknown):
        fetch(f"https://{'a' * 70}.example/", Policy(resolve=resolve))


def test_a_server_that_is_not_there_is_unreachable(web: LocalWeb) -> None:
    policy = web.policy(names={"giornale.example": ["127.0.0.3"]}, permits=lambda address: True)
    with pytest.raises(Unreachable, match=r"giornale\.example"):
        fetch(web.url("/", host="giornale.example"), policy)


def test_an_answer_that_is_not_http_is_none(web: LocalWeb) -> None:
    web.pages["/"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    with pytest.raises(Unreachable):
        fetch(web.url(), web.policy())


# TLS


@pytest.fixture
def secure_web() -> Iterator[tuple[LocalWeb, ssl.SSLContext]]:
    """A server that can prove to be giornale.example, and a client that believes its authority."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("giornale.example").configure_cert(server)
    authority.configure_trust(client)
    with local_web(server) as web:
        yield web, client


def test_a_certificate_is_held_against_the_name_not_the_number(
    secure_web: tuple[LocalWeb, ssl.SSLContext],
) -> None:
    web, client = secure_web
    web.serve("/ponte", HTML)
    names = {"giornale.example": [ADDRESS], "falso.example": [ADDRESS]}
    policy = web.policy(names=names, tls=client)
    assert fetch(web.url("/ponte", host="giornale.example"), policy).body == HTML.encode()
    for host in ("falso.example", ADDRESS):
        with pytest.raises(Untrusted, match=host):
            fetch(web.url("/ponte", host=host), policy)


def test_an_unknown_authority_is_not_believed(secure_web: tuple[LocalWeb, ssl.SSLContext]) -> None:
    web, _client = secure_web
    with pytest.raises(Untrusted):
        fetch(web.url("/", host="giornale.example"), web.policy(names={"giornale.example": [ADDRESS]}))


# Bounds


@pytest.mark.parametrize("declared", [True, False])
def test_a_page_that_is_too_large_is_refused(web: LocalWeb, declared: bool) -> None:
    length = {"Content_Length": "2001"} if declared else {}
    web.serve("/", b"a" * 2001, **length)
    with pytest.raises(TooLarge):
        fetch(web.url(), web.policy(size=2000))
    web.serve("/", b"a" * 2000)
    assert len(fetch(web.url(), web.policy(size=2000)).body) == 2000


def test_a_page_that_lies_about_its_length_is_counted(web: LocalWeb) -> None:
    web.serve("/", gzip.compress(b"a" * 50_000_000), Content_Encoding="gzip")
    with pytest.raises(TooLarge):
        fetch(web.url(), web.policy(size=100_000))


def held(web: LocalWeb, *pieces: bytes) -> str:
    """A server that sends this much and then nothing, for as long as it is waited for."""

    def answer(handler: Handler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
        web.over.wait()

    web.pages["/held"] = answer
    return web.url("/held")


def dripping(web: LocalWeb, head: bytes) -> str:
    """A server that sends a byte at a time, so that no single wait is ever long."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(head)
        while not web.over.wait(0.02):
            handler.wfile.write(b"a")

    web.pages["/dripping"] = answer
    return web.url("/dripping")


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize("pieces", [[], [OK], [OK + b"\r\n"], [OK + b"Content-Length: 9\r\n\r\n", b"<p>"]])
def test_a_server_that_falls_silent_is_not_waited_for(web: LocalWeb, pieces: list[bytes]) -> None:
    begun = monotonic()
    with pytest.raises(TooSlow, match=r"0\.3"):
        fetch(held(web, *pieces), web.policy(seconds=0.3))
    assert monotonic() - begun < 5


@pytest.mark.parametrize("head", [b"", OK + b"X: ", OK + b"\r\n", OK + b"Content-Length: 99999\r\n\r\n"])
def test_a_server_that_drips_is_cut_off(web: LocalWeb, head: bytes) -> None:
    begun = monotonic()
    with pytest.raises(TooSlow):
        fetch(dripping(web, head), web.policy(seconds=0.3))
    assert monotonic() - begun < 5


def test_a_name_that_is_looked_up_for_ever_is_not_waited_for(web: LocalWeb) -> None:
    def silent(host: str, port: int) -> list[str]:
        web.over.wait()
        return [ADDRESS]

    with pytest.raises(TooSlow):
        fetch("http://giornale.example/", Policy(resolve=silent, seconds=0.2))


def test_the_time_is_one_for_all_hops(web: LocalWeb) -> None:
    def slowly(handler: Handler) -> None:
        web.over.wait(0.15)
        handler.send_response(302)
        handler.send_header("Location", "/hop")
        handler.end_headers()

    web.pages["/hop"] = slowly
    with pytest.raises(TooSlow):
        fetch(web.url("/hop"), web.policy(seconds=0.4, redirects=100))


@pytest.mark.parametrize("content_type", ["image/png", "application/pdf", "application/json", ""])
def test_what_is_no_text_is_refused(web: LocalWeb, content_type: str) -> None:
    web.serve("/", b"%PDF-1.7", content_type=content_type)
    with pytest.raises(WrongType):
        fetch(web.url(), web.policy())


@pytest.mark.parametrize("status", [204, 304, 401, 403, 404, 410, 500, 503])
def test_an_answer_that_is_no_page_is_told(web: LocalWeb, status: int) -> None:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()

    web.pages["/"] = answer
    with pytest.raises(Answered, match=str(status)):
        fetch(web.url(), web.policy())


def test_each_reason_speaks_the_language_of_the_page() -> None:
    reasons = [
        NotWebAddress(url="x"),
        NamesUser(),
        PortRefused(port=22),
        NameUnknown(host="x"),
        PrivateAddress(host="x"),
        Unreachable(host="x"),
        Untrusted(host="x"),
        TooManyRedirects(redirects=5),
        TooSlow(host="x", seconds="20"),
        TooLarge(size="10 MB"),
        Answered(host="x", status=404),
        WrongType(content_type="image/png"),
        NotUnderstood(),
    ]
    assert {type(reason) for reason in reasons} == set(Unfetchable.__subclasses__())
    for reason in reasons:
        with translation.override("en"):
            english = str(reason)
        with translation.override("it"):
            italian = str(reason)
        assert english and italian and english != italian


def test_a_resolver_that_hangs_does_not_hold_up_the_end_of_its_process() -> None:
    """Else a worker that is told to stop would wait for a name server."""
    script = """
from threading import Event
import django; django.setup()
from newsroom.outside.fetch import Policy, fetch
from newsroom.outside.unfetchable import TooSlow
try:
    fetch("https://slow.example/", Policy(seconds=0.2, resolve=lambda host, port: Event().wait()))
except TooSlow:
    print("too slow")
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "too slow"
