"""What django-allauth is told of this house: whose accounts they are, and how they are entered."""

from __future__ import annotations

import base64
import logging
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from config import lockout

#: Seconds after which who changes how they sign in proves again who they are.
AGAIN = 300


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by who may, in the admin."""
        return False

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what was done."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return lockout.address(request) or "0.0.0.0"

    def login(self, request: HttpRequest, user: Any) -> None:
        """By Django's own backend: that of the lockout, which stands first, knows no rights."""
        user.backend = "django.contrib.auth.backends.ModelBackend"
        if user.is_for_emergencies:
            _tell_of_emergency(user)
        super().login(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of who proved just now who they are, by whatever they signed in with."""
        request = context.request
        said = get_authentication_records(request, request.user)
        return not said or time.time() - said[-1]["at"] > AGAIN

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has no password here proves at their provider who they are."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if settings.OIDC and user.is_authenticated and not user.has_usable_password():
            ways.append(
                {"id": "provider", "description": settings.OIDC.name, "url": reverse("provider_again")}
            )
        return ways

    def get_login_stages(self) -> list[str]:
        own = f"{AuthenticateStage.__module__}.{AuthenticateStage.__qualname__}"
        stages: list[str] = super().get_login_stages()
        return ["config.accounts.SecondFactorStage" if stage == own else stage for stage in stages]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away fails for nobody: who asked is answered as anybody else."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logging.getLogger("newsroom.mail").exception("A letter about an account was not sent.")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """In the language of who gets it."""
        with translation.override(context["user"].language):
            return super().render_mail(template_prefix, email, context, headers)


def _tell_of_emergency(user: Any) -> None:
    # There are no models yet when this module is read.
    from newsroom.actions import emergencies
    from newsroom.tasks.notices import send_notices

    emergencies.came_in(user, by=user, at=now())
    transaction.on_commit(send_notices.enqueue)


class IdentityAdapter(DefaultSocialAccountAdapter):
    """What the library asks of us while it leads to the provider and back (views/provided.py)."""

    def get_requests_session(self) -> Any:
        # There are no models yet when this module is read.
        from newsroom.outside.identity import session

        return session()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        from newsroom.views.provided import came_to_nothing

        raise ImmediateHttpResponse(came_to_nothing(request, error, exception))


class SecondFactorStage(AuthenticateStage):
    """Not of who proved one elsewhere, if the settings believe that."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not self.login.state.get("proved_elsewhere") and bool(super()._should_handle(request))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted by a key that stands in no database and in no backup."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong, or was used already."),
        "cannot_delete_authenticator": _(
            "This is your only second factor, and you need one: set up another before."
        ),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """If the key is another one, a secret that nobody knows: no code is right then."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_label(self, user: Any) -> str:
        name: str = user.get_username()
        return name

    def _get_site_name(self) -> str:
        # There are no models yet when this module is read.
        from newsroom.models import Newsroom

        return str(Newsroom.objects.current() or "Controluce")

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        user = authenticator.user
        return not user.needs_second_factor or user.second_factors.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return ""


def _box() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"second factors").derive(settings.SECOND_FACTOR_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
