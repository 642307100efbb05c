"""The addresses of Web Annotations, each with what it answers to each method."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from . import reading, writing
from .speaking import spoken


@spoken("GET", "POST")
def container(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return writing.add(request)
    return reading.container(request)


@spoken("GET", "POST")
def article_container(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        return writing.add(request, slug)
    return reading.container(request, slug)


@spoken("GET", "PUT", "DELETE")
def annotation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    if request.method == "PUT":
        return writing.replace(request, uuid)
    if request.method == "DELETE":
        return writing.remove(request, uuid)
    return reading.annotation(request, uuid)
