"""What a program sends twice is done once: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

A program that got no answer does not know whether anything was written. With a key it may send the same
again: it gets the answer that it would have had. What was refused wrote nothing, is not kept, and may be sent
again in a better form under the same key.

Answer and deed are one transaction. A second request with the same key waits for the first by the unique key
of the row; and where the process dies between the two, nothing was done and nothing stands in the way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from newsroom.models import ApiToken, KeptAnswer

from .tokens import problem

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEY = re.compile(r"[!-~]{1,255}")
SAFE = ("GET", "HEAD", "OPTIONS")
#: Said anew of each answer.
UNKEPT = {"vary", "content-length", "set-cookie"}


def once(request: HttpRequest, token: ApiToken | None, do: Callable[[], HttpResponse]) -> HttpResponse:
    """What this does, or what it answered to the same request under the same key of the same token."""
    given = request.headers.get(HEADER)
    if given is None or token is None or request.method in SAFE:
        return do()
    if not KEY.fullmatch(given):
        return problem(400, "Bad Request", f"{HEADER} is 1 to 255 visible characters of ASCII.")
    try:
        sent = _digest_of_request(request)
    except RequestDataTooBig:
        return do()
    with transaction.atomic():
        row = KeptAnswer.objects.begin(token, key=_digest("key", given.encode()), sent=sent, at=now())
        if not row.is_new:
            return _again(row) if row.sent == sent else _other()
        answer = do()
        if 200 <= answer.status_code < 300:
            _keep(row, answer)
        else:
            transaction.set_rollback(True)
    return answer


def _keep(row: KeptAnswer, answer: HttpResponse) -> None:
    row.status = answer.status_code
    row.headers = {name: value for name, value in answer.headers.items() if name.lower() not in UNKEPT}
    row.body = json.loads(answer.content) if answer.content else None
    row.save(update_fields=["status", "headers", "body"])


def _again(row: KeptAnswer) -> HttpResponse:
    content = b"" if row.body is None else json.dumps(row.body, ensure_ascii=False).encode()
    answer = HttpResponse(content, status=row.status)
    if "Content-Type" not in row.headers:
        del answer.headers["Content-Type"]
    for name, value in row.headers.items():
        answer.headers[name] = value
    answer.headers[REPLAYED] = "true"
    return answer


def _other() -> HttpResponse:
    detail = f"Something else was sent under this {HEADER}: another request needs another one."
    return problem(422, "Unprocessable Content", detail, code="idempotency_key_reused")


def _digest_of_request(request: HttpRequest) -> str:
    head = "\n".join(
        (
            str(request.method),
            request.get_full_path(),
            request.content_type or "",
            *(request.headers.get(name, "") for name in ("If-Match", "Slug")),
        )
    )
    return _digest("sent", head.encode("utf-8", "surrogateescape") + b"\n\n" + request.body)


def _digest(what: str, said: bytes) -> str:
    """Keyed: nobody who reads the table finds by trying what was sent."""
    return salted_hmac(f"{__name__}.{what}", said, algorithm="sha256").hexdigest()
