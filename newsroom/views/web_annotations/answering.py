"""The addresses of Web Annotations, each with what it answers to each method."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from . import reading
from .speaking import spoken


@spoken("GET")
def container(request: HttpRequest) -> HttpResponse:
    return reading.container(request)


@spoken("GET")
def article_container(request: HttpRequest, slug: str) -> HttpResponse:
    return reading.container(request, slug)


@spoken("GET")
def annotation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return reading.annotation(request, uuid)
