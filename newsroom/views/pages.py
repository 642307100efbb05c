"""What every public page says beside its own: whose it is, whether it is a demo, where it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils.translation import get_language

from newsroom.models import Newsroom


def code_of(address: str) -> str:
    """The code at the end of `<slug>-<code>`: it alone decides."""
    return address.rpartition("-")[2]


def site_address(newsroom: Newsroom, request: HttpRequest) -> str:
    """Where the site is, as the newsroom says or as it was called."""
    return newsroom.address or f"{request.scheme}://{request.get_host()}"


def public_page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A public page with what each of them says: whose it is, whether it is a demo, its address."""
    newsroom = context["newsroom"] = context.get("newsroom") or Newsroom.objects.current()
    other = "en" if get_language() == "it" else "it"
    here = request.get_full_path()
    there = translate_url(here, other)
    context |= {
        "demo": settings.DEMO,
        "canonical_url": f"{newsroom.address}{request.path}" if newsroom.address and status == 200 else "",
        "other_language": other,
        "other_language_url": there if there != here else "",
    }
    return render(request, template, context, status=status)
