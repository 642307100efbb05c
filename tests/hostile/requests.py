"""Requests that nobody who means well sends, made by chance from a seed: the same seed, the same requests.

A request is what a server hands over (PEP 3333), so that what no client would send arrives as well: paths
that are no UTF-8, headers with nonsense, bodies that are not what they say.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

METHODS = (
    ["GET"] * 8
    + ["POST"] * 7
    + ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "A B"]
)

#: What breaks programs that believe what they read.
NASTY = (
    "", " ", "0", "-1", "1e9", "9" * 30, "NaN", "null", "None", "true", "[]", "{}", "\0", "a\0b",
    "\r\nSet-Cookie: a=b", "' OR 1=1 --", "'; DROP TABLE newsroom_claim; --", '"', "\\", "%", "%%",
    "%s%n", "%00", "_", "*", "(", "a OR (b", '"a', "a*", "NEAR(a b)", "<script>alert(1)</script>",
    "{{ 7*7 }}", "{% debug %}", "${jndi:ldap://a}", "../" * 8, "..\\..\\", "/etc/passwd",
    "file:///etc/passwd", "javascript:alert(1)", "http://169.254.169.254/", "//a.example",
    "\u202e\u2066", "\u200b" * 50, "\ud7ff\ue000\ufffd", "e\u0301" * 200, "𝔘𝔫𝔦", "İı", "ß" * 99,
    "😀" * 300, "\ufeff", "9999-99-99", "2024-02-30", "0000-00-00T00:00Z", "+00:00",
    "it-IT-x-" + "a" * 90, "a" * 5_000, "1" * 5_000, "٣", "1_000", "0x10", "1.0", "¹", "\x7f",
    "\x1b[31m", "a@b", "@", "::", "[", "[::1", "http://[", "http://a:b/", "http://a:99999/",
)  # fmt: skip
#: Fields and parameters that our pages know, and some that Django and its packages know.
NAMES = (
    "q", "page", "kind", "next", "id", "of", "after", "before", "url", "query", "queries", "extend",
    "prefix", "cursor", "since", "until", "lang", "rating", "layer", "from", "format", "maxwidth",
    "maxheight", "callback", "typing", "part", "o", "p", "all", "e", "_popup", "_to_field", "action",
    "_selected_action", "select_across", "index", "app_label", "model_name", "field_name", "term",
    "username", "password", "carried", "csrfmiddlewaretoken", "row_version", "start", "end", "html",
    "text", "body", "exact", "place", "claim", "level", "state", "form-TOTAL_FORMS", "id__in", "id__gte",
    "article__slug__regex", "date__year", "_changelist_filters", "_facets", "version", "known",
    "headline", "file",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/json", "application/ld+json",
    "application/csp-report", "application/reports+json", "text/plain", "application/xml",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
    'multipart/form-data; boundary="' + "b" * 300 + '"', "application/octet-stream", "",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nowhere", "a/b; c=\"",
    "application/json; charset=\udc80", "text/html; charset=utf-8; charset=latin-1", "*/*",
)  # fmt: skip
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Cookie", "Content-Encoding",
    "Forwarded", "Host", "HX-Request", "HX-Current-URL", "HX-Current-URL-URI-AutoEncoded", "HX-Target",
    "HX-Trigger", "HX-Triggering-Event", "Idempotency-Key", "If-Match", "If-None-Match",
    "If-Modified-Since", "If-Unmodified-Since", "Origin", "Prefer", "Range", "Referer", "Sec-Fetch-Site",
    "Slug", "Transfer-Encoding", "User-Agent", "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "X-HTTP-Method-Override", "X-Request-ID", "X-Requested-With",
)  # fmt: skip
QUERIES = ("&" * 2_000, "=" * 99, "%", "%f", "%ff%fe=%c3%28", "a=%u0041", "?" * 50, "a;b=c")
USUAL = {
    "Accept": ("text/html", "application/ld+json", "application/json;q=0.x", "*/*;q=2", "a/b," * 400),
    "Accept-Encoding": ("gzip", "br;q=1, gzip;q=0", "gzip, gzip", "identity;q=0, *;q=0"),
    "Accept-Language": ("it", "en;q=0.1", "it;q=nan", "x" * 300, "it," * 300),
    "Authorization": (
        "Bearer ctl_no",
        "Bearer",
        "Basic Og==",
        "Basic \xff",
        "Bearer " + "a" * 3000,
        "bearer \0",
    ),
    "HX-Request": ("true", "false"),
    "If-Match": ('"1.abc"', "*", 'W/"0.', '"' + "9" * 40 + '."', "1"),
    "If-None-Match": ("*", 'W/"a", "b"', '"', "," * 99),
    "If-Modified-Since": ("Mon, 30 Feb 2024 99:99:99 GMT", "0", "Thu, 01 Jan 1970 00:00:00 GMT", "x" * 99),
    "Prefer": (
        'return=representation;include="http://www.w3.org/ns/ldp#PreferMinimalContainer"',
        "return",
        ';"',
    ),
    "Range": ("bytes=0-", "bytes=-1", "bytes=9-1,1-9", "x=1"),
}


@dataclass
class Sent:
    """What was sent, to be told when it broke something."""

    number: int
    method: str
    path: bytes
    query: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    def environ(self) -> dict[str, Any]:
        """As a server hands it over: bytes as Latin-1."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": self.query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        return environ


class Chance:
    """Makes requests to these addresses, some of them by who is signed in with these cookies."""

    def __init__(self, seed: object, addresses: Sequence[str]) -> None:
        self.random, self.addresses = Random(f"hostile {seed}"), addresses

    def request(self, number: int, cookies: str = "", token: str = "") -> Sent:
        method = self.random.choice(METHODS)
        kind, body = self.body() if method not in ("GET", "HEAD") or self.rarely() else ("", b"")
        headers = {"Host": "testserver"} | self.headers()
        if kind or self.rarely():
            headers["Content-Type"] = kind
        if body or self.rarely():
            headers["Content-Length"] = (
                str(len(body)) if not self.rarely() else self.random.choice(NASTY)[:200]
            )
        if cookies and not self.rarely():
            headers["Cookie"] = cookies
            headers.setdefault("X-CSRFToken", token)
            headers["X-CSRFToken"] = token if not self.rarely() else headers["X-CSRFToken"]
        path, _mark, own = self.random.choice(self.addresses).partition("?")
        query = "&".join(filter(None, [own, self.query() if self.often() else ""]))
        headers = {name: latin(value) for name, value in headers.items()}
        return Sent(number, method, self.path(path), latin(query), headers, body)

    def rarely(self) -> bool:
        return self.random.random() < 0.1

    def often(self) -> bool:
        return self.random.random() < 0.6

    def nasty(self) -> str:
        value = self.random.choice(NASTY)
        return value if self.often() else value + self.random.choice(NASTY)

    def path(self, path: str) -> bytes:
        """As it is in most; else with something put in, left out, doubled, or made of nothing."""
        raw = path.encode()
        way = self.random.randrange(-6, 10)
        if way < 4:
            return raw
        at = self.random.randrange(len(raw) + 1)
        put = self.nasty().encode(errors="replace")[:2_000]
        return {
            4: raw[:at] + put + raw[at:],
            5: raw[:at] + raw[at + 1 :],
            6: raw + put,
            7: b"/" + put,
            8: raw[:at] + self.random.randbytes(3) + raw[at:],
            9: raw.replace(b"/", b"//"),
        }[way]

    def pairs(self) -> list[tuple[str, str]]:
        number = self.random.choice((1, 2, 3, 8))
        return [
            (self.random.choice(NAMES) if self.often() else self.nasty(), self.nasty()) for _ in range(number)
        ]

    def query(self) -> str:
        if self.rarely():
            return self.random.choice(
                ("&" * 2_000, "=" * 99, "%", "%f", "%ff%fe=%c3%28", "a=%u0041", "?" * 50, "a;b=c")
            )
        return urlencode(self.pairs(), errors="replace")

    def headers(self) -> dict[str, str]:
        chosen = self.random.sample(HEADERS, self.random.choice((0, 1, 2, 5)))
        return {
            name: self.random.choice(USUAL[name]) if name in USUAL and self.often() else self.nasty()
            for name in chosen
            if name != "Host" or self.rarely()
        }

    def body(self) -> tuple[str, bytes]:
        way = self.random.randrange(9)
        if way < 3:
            return TYPES[0], urlencode(self.pairs(), errors="replace").encode()
        if way == 3:
            return "multipart/form-data; boundary=x", self.parts()
        if way == 4:
            return self.random.choice(("application/json", "application/ld+json")), self.json()
        if way == 5:
            return self.random.choice(TYPES), self.random.randbytes(self.random.choice((1, 40, 2_000)))
        if way == 6:
            return self.random.choice(TYPES), self.nasty().encode(errors="replace")
        if way == 7:
            return TYPES[0], b"&".join(b"a%d=b" % number for number in range(self.random.choice((9, 1_001))))
        return TYPES[0], b"text=" + b"a" * self.random.choice((70_000, 2_700_000))

    def parts(self) -> bytes:
        """Parts of a form with files; some end in the middle."""
        made = b""
        for name, value in self.pairs():
            file = f'; filename="{quote(self.nasty())[:300]}"' if self.often() else ""
            head = f'--x\r\nContent-Disposition: form-data; name="{name[:99]}"{file}\r\n'
            kind = f"Content-Type: {self.random.choice(TYPES)[:99]}\r\n" if self.rarely() else ""
            made += (head + kind + "\r\n" + value + "\r\n").encode(errors="replace")
        made += b"--x--\r\n"
        return made[: self.random.randrange(len(made))] if self.rarely() else made

    def json(self) -> bytes:
        way = self.random.randrange(5)
        if way == 0:
            return b"[" * 5_000
        if way == 1:
            return b'{"a":' * 300 + b"1" + b"}" * 300
        if way == 2:
            return b'{"a": NaN, "b": 1e999, "c": -0, "d": "\\ud800"}'
        deep = {name: self.nasty() for name, _value in self.pairs()} | {
            "id": 9**30,
            "items": [None, [], {"a": [1.5]}],
        }
        return json.dumps(deep).encode()


def latin(value: str) -> str:
    """What a server can hand over: one byte a character, and no end of line, which no server lets through."""
    return value.encode(errors="replace").decode("latin-1").replace("\r", "").replace("\n", "")
