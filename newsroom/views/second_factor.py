"""A second factor: proved while signing in, set up and taken down by its owner; each leaves a deed."""

from __future__ import annotations

from copy import copy
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters

from newsroom.actions import deeds
from newsroom.presenters.second_factor import proved

from .page import HousePage
from .typed import CARRIED, Typed, carried_in, typed_page

private = method_decorator(cache_control(private=True, no_store=True), name="dispatch")
secret = method_decorator(sensitive_post_parameters(), name="dispatch")


# While signing in


@private
@secret
class SecondFactor(HousePage, factors.AuthenticateView):
    """Between the password and the session; what was typed when a session ended travels through it."""

    template_name = "desk/second_factor.html"
    typed: Typed | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if CARRIED in request.POST:
            self.typed = carried_in(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who fails too often at this waits as for a password, and begins from the start."""
        person = {"username": self.stage.login.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, person):
            clear_login(request)
            request.axes_locked_out = True
            return HttpResponse(status=429)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if not request.user.is_authenticated:
            user_login_failed.send(sender=__name__, credentials=person, request=request)
            if getattr(request, "axes_locked_out", False):
                clear_login(request)
            answer.status_code = 422
        elif self.typed:
            return typed_page(request, self.typed)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        kinds = {factor.type for factor in self.stage.login.user.second_factors}
        context |= {"typed": self.typed, "with_key": Authenticator.Type.WEBAUTHN in kinds}
        context["carried"] = self.typed.signed() if self.typed else ""
        return context


def second_factor(request: HttpRequest, typed: Typed) -> HttpResponse:
    """401: the page that asks for it, with what was typed."""
    asked = copy(request)
    asked.method = "GET"
    answer: HttpResponse = SecondFactor.as_view()(asked)
    answer.status_code = 401
    return answer.render()


# Once signed in


@private
class MySecondFactors(HousePage, factors.IndexView):
    """What somebody proves themselves by, and what they can do about it."""

    template_name = "desk/my_second_factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        there = self.request.GET.get("next", "")
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "closed": user.needs_second_factor and not proved(self.request),
            "there": there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else "",
        }


class _Recorded:
    """What was done leaves a deed, in the name of who did it to themselves."""

    verb: str

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the view
            deeds.record(self.verb, by=self.request.user, at=now())
        return answer


class _Proves(_Recorded):
    """What was set up was proved at the same time."""

    verb = "factor.add"

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="added")
        return answer


@private
@secret
class AddApp(HousePage, _Proves, totp.ActivateTOTPView):
    template_name = "desk/second_factor_app.html"


@private
class RemoveApp(HousePage, _Recorded, totp.DeactivateTOTPView):
    template_name = "desk/second_factor_remove.html"
    verb = "factor.remove"


@private
@secret
class AddKey(HousePage, _Proves, webauthn.AddWebAuthnView):
    template_name = "desk/second_factor_key.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the form that came back: allauth's own makes an empty one."""
        context = super().get_context_data(**kwargs)
        return context | {"form": kwargs.get("form") or context["form"]}


@private
class RemoveKey(HousePage, _Recorded, webauthn.RemoveWebAuthnView):
    template_name = "desk/second_factor_remove.html"
    success_url = reverse_lazy("mfa_index")
    verb = "factor.remove"

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            raise PermissionDenied
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = not get_adapter().can_delete_authenticator(self.object)
        return super().get_context_data(**kwargs) | {"key": self.object, "kept": kept}


@private
class RecoveryCodes(HousePage, codes.ViewRecoveryCodesView):
    template_name = "desk/recovery_codes.html"


@private
class NewRecoveryCodes(HousePage, _Recorded, codes.GenerateRecoveryCodesView):
    template_name = "desk/recovery_codes_new.html"
    verb = "factor.codes"


@private
class RecoveryCodesFile(codes.DownloadRecoveryCodesView):
    template_name = "desk/recovery_codes.txt"


# Who changes how they sign in proves again who they are


@private
@secret
class ProveByPassword(HousePage, ReauthenticateView):
    template_name = "desk/prove_again.html"


@private
@secret
class ProveByCode(HousePage, factors.ReauthenticateView):
    template_name = "desk/prove_again.html"


@private
class ProveByKey(HousePage, webauthn.ReauthenticateWebAuthnView):
    template_name = "desk/prove_again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"form": self.get_form(), "by_key": True}

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, failed=True), status=422)
