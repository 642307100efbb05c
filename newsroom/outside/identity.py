"""How the identity provider is asked: by the library's own client, behind the bounds of whatever is fetched.

Its address comes from who runs the site, but where its endpoints are it says itself, and names change. So
each request goes where public addresses are, or where the settings say that it stands; nothing is redirected.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from requests import ConnectionError, PreparedRequest, RequestException, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from .addresses import public_or_in
from .fetch import Policy, exchange
from .unfetchable import Unfetchable

#: Of one request: somebody waits for it, and there are three or four.
SECONDS, SIZE = 8, 1024 * 1024
#: What of a request is the protocol's.
_SAID = ("Accept", "Authorization", "Content-Type")


def policy() -> Policy:
    """What may be asked of it."""
    provider = settings.OIDC
    own = urlsplit(provider.issuer).port
    return Policy(
        seconds=SECONDS,
        size=SIZE,
        ports=frozenset(settings.FETCH_PORTS | ({own} if own else set())),
        content_types=("application/json",),
        permits=public_or_in(provider.networks),
    )


class Bounded(BaseAdapter):
    """Sends what `requests` would send, by our own hand."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {name: request.headers[name] for name in _SAID if request.headers.get(name, "*/*") != "*/*"}
        url = request.url or ""
        if urlsplit(url).scheme != urlsplit(settings.OIDC.issuer).scheme:
            raise ConnectionError("Another scheme than the issuer’s.", request=request)
        try:
            answer = exchange(
                url, method=request.method or "GET", body=body, headers=headers, policy=policy()
            )
        except Unfetchable as fault:
            raise ConnectionError(str(fault), request=request) from fault
        if 300 <= answer.status < 400:
            raise ConnectionError("It leads elsewhere.", request=request)
        response = Response()
        response.status_code, response.url, response.request = answer.status, url, request
        response.headers = CaseInsensitiveDict(answer.headers)
        response._content = answer.body
        return response

    def close(self) -> None:
        """Nothing stays open."""


def session() -> Session:
    """Without what the machine's environment says of proxies and passwords."""
    made = Session()
    made.trust_env = False
    made.mount("https://", Bounded())
    made.mount("http://", Bounded())
    return made


def reached() -> None:
    """Asks what it says of itself. Raises RequestException if it does not answer, or speaks for another."""
    with session() as asks:
        answer = asks.get(f"{settings.OIDC.issuer.rstrip('/')}/.well-known/openid-configuration")
    answer.raise_for_status()
    try:
        said = answer.json()["issuer"]
    except (KeyError, TypeError, RecursionError):
        said = None
    if said != settings.OIDC.issuer:
        raise RequestException("It calls itself by another name than the settings do.")
