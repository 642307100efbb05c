"""A web server on this machine, for the tests of what is fetched.

It listens on 127.0.0.2, which belongs to this machine and to nobody else, so that a test can permit it and
see 127.0.0.1 refused all the same.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Event, Thread
from typing import Any, TypeVar

from newsroom.outside.addresses import Address, is_public
from newsroom.outside.fetch import Policy, resolve

Web = TypeVar("Web", bound="LocalWeb")

ADDRESS = "127.0.0.2"
SENTENCE = "Secondo i tecnici del comune le prove di carico sono finite e il ponte può essere riaperto. "


def page(*, picture: str = "", more: str = "") -> str:
    """A page with a headline, a picture if one is given, and text enough to be found."""
    pictured = f'<img src="{picture}" alt="Il ponte">' if picture else ""
    return (
        '<html lang="it"><head><meta property="og:title" content="Il ponte"></head><body><article>'
        f"<h1>Il ponte</h1>{pictured}<p>{SENTENCE * 4}</p>{more}</article></body></html>"
    )


def permits_the_local_web(address: Address) -> bool:
    return address == ip_address(ADDRESS) or is_public(address)


class Handler(BaseHTTPRequestHandler):
    server: LocalWeb

    def do_GET(self) -> None:
        self.server.asked.append((self.headers.get("Host", ""), self.path))
        answer = self.server.pages.get(self.path)
        if answer is None:
            self.send_error(404)
        else:
            answer(self)

    def do_POST(self) -> None:
        self.server.asked.append((self.headers.get("Host", ""), self.path))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.posted.append((dict(self.headers), body))
        self.send_response(self.server.answers.get(self.path, 204))
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Says nothing."""


class LocalWeb(ThreadingHTTPServer):
    """`web.serve("/ponte", body)` puts a page there; `web.asked` holds (Host, path) of what was asked."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__((ADDRESS, 0), Handler)
        self.pages: dict[str, Callable[[Handler], None]] = {}
        self.asked: list[tuple[str, str]] = []
        #: What was sent here, with its headers; and what is answered to it at a path.
        self.posted: list[tuple[dict[str, str], bytes]] = []
        self.answers: dict[str, int] = {}
        self.over = Event()
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def url(self, path: str = "/", host: str = ADDRESS) -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def policy(self, *, names: dict[str, list[str]] | None = None, **given: Any) -> Policy:
        """The policy of the site but for this server; `names` are known, and what the system knows."""

        def knows(host: str, port: int) -> list[str]:
            return names[host] if names and host in names else resolve(host, port)

        fields = {
            "ports": frozenset({80, 443, self.port}),
            "permits": permits_the_local_web,
            "resolve": knows,
        }
        return Policy(**(fields | given))

    def serve(
        self,
        path: str,
        body: bytes | str = "",
        *,
        content_type: str = "text/html; charset=utf-8",
        **headers: str,
    ) -> str:
        """Puts a page at a path and returns its address."""
        content = body.encode() if isinstance(body, str) else body

        def answer(handler: Handler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", content_type)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(content)

        self.pages[path] = answer
        return self.url(path)

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        def answer(handler: Handler) -> None:
            handler.send_response(status)
            handler.send_header("Location", location)
            handler.end_headers()

        self.pages[path] = answer
        return self.url(path)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no fault of the server's."""


@contextmanager
def local_web(tls: ssl.SSLContext | None = None) -> Iterator[LocalWeb]:
    with running(LocalWeb(tls)) as web:
        yield web


@contextmanager
def running(web: Web) -> Iterator[Web]:
    thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield web
    finally:
        web.over.set()
        web.shutdown()
        thread.join()
        web.server_close()
