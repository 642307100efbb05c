"""Signing in, and another password by mail."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _

from newsroom.models import User


class SignInForm(AdminAuthenticationForm):
    """For who works here. Whether an account is there, has left or may not come in, it tells nobody."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = _("User name or e-mail address")
        name.max_length = 254
        name.widget.attrs.update(maxlength="254")

    def clean_username(self) -> str:
        """An address stands for the one account that has it, so that both are one name to the lockout."""
        given: str = self.cleaned_data["username"]
        if "@" in given:
            known = list(User.objects.at_work().filter(email__iexact=given)[:2])
            if len(known) == 1:
                return known[0].get_username()
        return given


class ForgottenForm(ResetPasswordForm):
    """Asks for a letter. What it answers is the same whether somebody has the address or not."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "email"}))

    def clean_email(self) -> str:
        """A password is changed where there is one: who signs in elsewhere has none here."""
        email: str = self.cleaned_data["email"]
        known = User.objects.at_work().filter(email__iexact=email)
        self.users = [user for user in known if _same(user.email, email) and user.has_usable_password()]
        return email


def _same(kept: str, typed: str) -> bool:
    """The letter goes where somebody typed. Only of plain letters a capital is surely the same address."""
    return kept == typed or (kept.isascii() and typed.isascii() and kept.lower() == typed.lower())


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        labels = {"password1": _("New password"), "password2": _("New password, once more")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
