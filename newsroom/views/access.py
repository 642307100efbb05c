"""Who comes into the desk, and how its answers travel."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_headers
from django.views.defaults import permission_denied

from newsroom.models import Newsroom

from .typed import session_ended, session_ended_part, typed_in

View = Callable[..., HttpResponse]


def for_the_desk(*permissions: str) -> Callable[[View], View]:
    """A view for members of staff who hold these permissions (`newsroom.<permission>`); no cache keeps it.

    Who is not signed in is sent to sign in and comes back; what one of our pages sent comes back with them.
    If a session ended while a page stood open, htmx is told so (401) and the page stays as it is.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not (user.is_active and user.is_staff):
                return _sign_in(request)
            try:
                if not user.has_perms([f"newsroom.{permission}" for permission in permissions]):
                    raise PermissionDenied
                return view(request, *args, **kwargs)
            except PermissionDenied as denied:
                # Here and not by Django's own handler, past which no header would be added.
                return permission_denied(request, denied)

        return cache_control(private=True, no_store=True)(vary_on_headers("HX-Request", "Cookie")(guarded))

    return decorate


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        return session_ended_part(request, _page_of(request))
    typed = typed_in(request)
    if typed and (typed.fields or typed.files):
        return session_ended(request, typed)
    return redirect_to_login(_page_of(request), resolve_url(settings.LOGIN_URL))


def _page_of(request: HttpRequest) -> str:
    """The page that this person was on, to come back to: many a form is sent to where no page is."""
    if request.htmx:
        return request.htmx.current_url_abs_path or resolve_url("desk:home")
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return urlsplit(page)._replace(scheme="", netloc="").geturl() if ours else resolve_url("desk:home")


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The page that a form or a part is on, if it says so and is ours."""
    there = request.POST.get("next") or request.GET.get("next", "")
    if not there and request.htmx:
        there = request.htmx.current_url_abs_path or ""
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else otherwise


def desk_page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the desk with what each of them says."""
    return render(request, template, context | page_context(request), status=status)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Whose site it is, whether it is a demo, and where the page stands in the other language."""
    other = "en" if get_language() == "it" else "it"
    return {
        "newsroom": Newsroom.objects.current(),
        "demo": settings.DEMO,
        "other_language": other,
        "other_language_url": translate_url(request.get_full_path(), other),
    }
