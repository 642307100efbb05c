"""The API whole: its addresses, its description in OpenAPI 3.1, and the page on which it can be tried."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from newsroom.views.repeating import HEADER

from . import writing
from .speaking import speak_of_errors, spoken, unknown

DESCRIPTION = """\
What the newsroom publishes, as data: articles with the claims they make, how these were rated, on what
evidence. Everything is named by its `id` (a UUID). Lists go on by `next` and `previous`, which are opaque.

Reading needs no token. A token, issued by an editor in the admin, is sent as `Authorization: Bearer …`; it
acts as a person, within its scopes: `read` (drafts as well), `annotate`, `claims`, `evidence`. Labels and
messages are in English or, with `Accept-Language: it`, in Italian. Errors are `application/problem+json`
(RFC 9457). Who asks too often in a minute is told 429, and by `Retry-After` when to ask again.

Within version 1 nothing is taken away and nothing changes its meaning; what is added is to be ignored by who
does not know it.
"""

TOO_OFTEN = {
    "description": "Too Many Requests",
    "headers": {
        "Retry-After": {
            "description": "Seconds until the next may be asked.",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 60},
        }
    },
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Of your choice, another one for each thing to do. Sent again within a day with the same "
    "request, it answers the same and writes nothing; with another request it is 422.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "3f0c6f0e-7c7b-4f0e-9b1c-2d5a1b7e6a10",
}

api = NinjaAPI(
    title="Controluce",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)
speak_of_errors(api)
# One router for both: an address answers all its methods.
api.add_router("", writing.router)


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document: problems have the content type that they are sent with."""
    said = api.get_openapi_schema(path_prefix="/api/v1")
    for operations in said["paths"].values():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                answer["description"] = answer.get("description") or str(status)
                if int(status) >= 400:
                    content = answer.pop("content", {}).get("application/json", {})
                    answer["content"] = {"application/problem+json": content}
            operation["responses"]["429"] = TOO_OFTEN
            if method != "get":
                operation["parameters"] = [*operation.get("parameters", []), IDEMPOTENCY_KEY]
            if method == "get":
                operation["security"] = [{}, {"Token": []}]
                operation["responses"]["304"] = {"description": "Not Modified"}
    return said


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description to be read, and tried: Swagger UI from our own files."""
    return render(request, "reader/api_docs.html")


def urls() -> list[URLPattern]:
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        pattern.callback = spoken(pattern.callback)
    return [
        path("openapi.json", spoken(openapi), name="openapi"),
        path("docs", docs, name="docs"),
        *(pattern for pattern in patterns if pattern.name != "api-root"),
        path("<path:rest>", spoken(unknown), name="unknown"),
    ]
