"""The one page on which the desk and the admin sign in, and another password by mail."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.views import (
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
)
from allauth.account.views import PasswordResetView as AskForPasswordView
from allauth.core import context, ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from newsroom.actions import deeds
from newsroom.forms import SignInForm

from .access import desk_page
from .page import HousePage
from .second_factor import second_factor
from .typed import CARRIED, Typed, carried_in, session_ended, typed_page, ways_in


@sensitive_post_parameters()
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """For who works here; what was typed when a session ended travels through it (views/typed.py)."""
    there = _there(request)
    user = request.user
    if request.method != "POST":
        if user.is_active and user.is_staff:
            return HttpResponseRedirect(there)
        return _page(request, SignInForm(request), there)
    typed = carried_in(request) if CARRIED in request.POST else None
    if typed and user.is_active and user.is_staff and "username" not in request.POST:
        # Who signed in meanwhile in another tab, by the provider.
        return typed_page(request, typed)
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        return session_ended(request, typed, form=form) if typed else _page(request, form, there, status=422)
    if user.is_authenticated:
        # Nothing of the session before is another's.
        logout(request)
    person = form.get_user()
    login = Login(user=person, redirect_url=there)
    answer: HttpResponse = perform_password_login(request, {"username": person.get_username()}, login)
    if typed is None:
        return answer
    return typed_page(request, typed) if request.user.is_authenticated else second_factor(request, typed)


def locked_out(request: HttpRequest, answer: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """429 to who failed too often (AXES_LOCKOUT_CALLABLE): with the right password or a wrong one, and
    whether the account is there or not."""
    minutes = ceil(settings.SIGN_IN_WAIT.total_seconds() / 60)
    form = SignInForm(request)
    form.locked = (
        _("You tried too often. Wait %d minutes and try again, or ask an editor to let you in sooner.")
        % minutes
    )
    typed: Typed | None = carried_in(request) if CARRIED in request.POST else None
    if typed:
        page = session_ended(request, typed, form=form, status=429)
    else:
        page = _page(request, form, _there(request), status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    return page


def too_often(request: HttpRequest) -> HttpResponse:
    """429 to who asks for letters too often."""
    return desk_page(request, "desk/too_often.html", status=429)


def _there(request: HttpRequest) -> str:
    there = request.POST.get("next") or request.GET.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else resolve_url("admin:index")


def _page(request: HttpRequest, form: SignInForm, there: str, *, status: int = 200) -> HttpResponse:
    said = {"form": form, "next": there, **ways_in(), "sign_in": request.path}
    return desk_page(request, "desk/sign_in.html", status=status, **said)


# Another password


@method_decorator(never_cache, name="dispatch")
class Forgotten(HousePage, AskForPasswordView):
    """Asks for a letter with a link; where no mail is sent, or no password counts, there is no such page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.SENDS_MAIL and settings.PASSWORDS):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """The letter is written after the answer: how long that takes tells who has an account."""
        request, language = self.request, get_language()

        def write() -> None:
            with context.request_context(request), translation.override(language):
                form.save(request)

        key = form.cleaned_data["email"].lower()
        refused = ratelimit.consume_or_429(request, action="reset_password", key=key)
        return refused or Afterwards(self.get_success_url(), then=write)


class Afterwards(HttpResponseRedirect):
    """A redirection after which something is done: the server closes an answer once it was sent."""

    def __init__(self, to: str, *, then: Callable[[], None]) -> None:
        super().__init__(to)
        self.then = then

    def close(self) -> None:
        then, self.then = self.then, lambda: None
        try:
            then()
        finally:
            super().close()


class LetterSent(HousePage, PasswordResetDoneView):
    pass


@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class NewPassword(HousePage, PasswordResetFromKeyView):
    def form_valid(self, form: Any) -> HttpResponse:
        """It leaves a deed, as when somebody else changes it."""
        person = self.reset_user
        with transaction.atomic():
            after = {"person": person.get_username(), "fields": ["password"]}
            deeds.record("person.change", by=person, at=now(), after=after)
            return super().form_valid(form)


class PasswordChanged(HousePage, PasswordResetFromKeyDoneView):
    pass
