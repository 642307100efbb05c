"""What django-allauth is told of this house: whose accounts they are, and how they are entered."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils import translation

from config import lockout


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by who may, in the admin."""
        return False

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what was done."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return lockout.address(request) or "0.0.0.0"

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """By Django's own backend: that of the lockout, which stands first, knows no rights."""
        user.backend = "django.contrib.auth.backends.ModelBackend"
        super().login(request, user)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """In the language of who gets it."""
        with translation.override(context["user"].language):
            return super().render_mail(template_prefix, email, context, headers)
