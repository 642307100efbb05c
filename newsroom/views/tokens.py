"""Who a program is: the token that it sends, and what that may do.

A token is looked up by the digest of its secret, so that neither time nor answer tells how near a guess was:
one that is unknown, expired, revoked, of somebody who left, or who needs a second factor and has none, is one
and the same refusal. No session is looked at: a browser that is signed in is nobody here, and so needs no
protection against forged requests.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import localdate, now

from newsroom.models import ApiToken

#: Longer than any secret; what is longer still is not looked at.
LONGEST = 200
PROBLEM = "application/problem+json"


class BadToken(Exception):
    """Something was sent as a token that is none that is valid."""


def bearer(request: HttpRequest) -> ApiToken | None:
    """The valid token of `Authorization: Bearer …`; None if none is sent. Raises BadToken for a bad one.

    That it was used is written down once a day.
    """
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        return None
    if kind.lower() != "bearer" or not secret.strip() or len(secret) > LONGEST:
        raise BadToken
    at = now()
    found = ApiToken.objects.valid(at=at).with_proof().with_secret(secret.strip()).select_related("user")
    token = found.first()
    if token is None or (not token.proved and token.user.needs_second_factor):
        raise BadToken
    today = localdate(at)
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        token.last_used_on = today
    return token


def no_token(request: HttpRequest) -> HttpResponse:
    """What is said to who sends none, or a bad one: which of them it was is told as RFC 6750 has it."""
    sent = "Authorization" in request.headers
    answer = problem(401, "Unauthorized", "A valid token is needed: Authorization: Bearer …")
    answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if sent else "Bearer"
    return answer


def problem(status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """An error for programs (RFC 9457)."""
    said = {"type": "about:blank", "title": title, "status": status}
    if detail:
        said["detail"] = detail
    answer = JsonResponse(said | more, status=status, content_type=PROBLEM)
    answer.headers["Cache-Control"] = "no-store"
    return answer
