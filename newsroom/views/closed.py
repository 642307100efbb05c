"""What is closed to who has to prove a second factor: asked before every view, in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from newsroom.presenters.second_factor import proved

from .typed import second_factor_needed


class SecondFactor:
    """The desk and the admin are closed to who needs a second factor and has not proved one in this session.

    The one place where that is asked: a page that is added tomorrow is closed today. Programs, which have
    no session, are asked in views/tokens.py.
    """

    #: Besides them there is only what stands under /account/, where a second factor is set up and proved.
    OPEN = {"admin:login", "admin:logout", "admin:jsi18n"}
    #: Of that, what is open to who has one and has not proved it: the rest would give them another.
    PROVES = {"mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match.view_name.startswith("mfa_") and match.view_name not in self.PROVES:
            return self.to_prove(request)
        if not (settings.SECOND_FACTOR_REQUIRED or settings.EMERGENCY_ACCOUNT):
            return None
        if not {"desk", "admin"}.intersection(match.namespaces) or match.view_name in self.OPEN:
            return None
        user = request.user
        if not user.is_authenticated or proved(request) or not user.needs_second_factor:
            return None
        if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
            there = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('mfa_index')}?{there}")
        return second_factor_needed(request)

    def to_prove(self, request: HttpRequest) -> HttpResponse | None:
        """Who has a second factor changes nothing about it by a password alone, nor by an older session."""
        user = request.user
        if not user.is_authenticated or proved(request):
            return None
        kinds = {factor.type for factor in user.second_factors}
        if not kinds:
            return None
        way = "mfa_reauthenticate" if "totp" in kinds else "mfa_reauthenticate_webauthn"
        there = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse(way)}?{there}")
