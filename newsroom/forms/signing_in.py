"""Signing in, and another password by mail."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from newsroom.models import User
from newsroom.models.user import is_same_address


class SignInForm(AdminAuthenticationForm):
    """For who works here. Whether an account is there, has left or may not come in, it tells nobody."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = _("User name or e-mail address")
        name.max_length = 254
        name.widget.attrs.update(maxlength="254")

    def confirm_login_allowed(self, user: User) -> None:
        """After the password was looked at: the answer is the same for a wrong one, and as soon."""
        super().confirm_login_allowed(user)
        if not settings.PASSWORDS and not user.is_for_emergencies:
            # It counts as a wrong one does: by the sixth one could else tell them apart.
            name = {"username": user.get_username()}
            user_login_failed.send(sender=__name__, credentials=name, request=self.request)
            raise self.get_invalid_login_error()

    def clean_username(self) -> str:
        """An address stands for the one account that has it. The lockout counts what was typed, so that it
        tells nobody whose address it is.
        """
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
        """A password is changed where there is one: who signs in elsewhere has none here. The letter goes
        where somebody typed.
        """
        email: str = self.cleaned_data["email"]
        known = User.objects.at_work().filter(email__iexact=email)
        self.users = [
            user for user in known if is_same_address(user.email, email) and user.has_usable_password()
        ]
        return email


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        labels = {"password1": _("New password"), "password2": _("New password, once more")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


# A second factor


def _code(label: Any) -> forms.CharField:
    """Digits: a keyboard of digits, and what a program may fill in by itself."""
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(label=label, max_length=32, widget=forms.TextInput(attributes))


class _CodeOnce(factors.BaseAuthenticateForm):
    """A code of an app counts once, in whichever process: it stays right for a minute and a half."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type != Authenticator.Type.TOTP:
            return code
        with transaction.atomic():
            kept = Authenticator.objects.select_for_update().get(pk=self.authenticator.pk)
            digits = "".join(filter(str.isdigit, code))
            if digits in kept.data.get("last", []):
                raise get_adapter().validation_error("incorrect_code")
            # As many as can be right at a time.
            kept.data["last"] = [digits, *kept.data.get("last", [])][:3]
            kept.save(update_fields=["data"])
            self.authenticator.data = kept.data
        return code


class SecondFactorForm(_CodeOnce, factors.AuthenticateForm):
    code = _code(_("Code of your app, or one of your recovery codes"))


class ProveAgainForm(_CodeOnce, factors.ReauthenticateForm):
    code = _code(_("Code of your app, or one of your recovery codes"))


class PasswordForm(ReauthenticateForm):
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class AppForm(ActivateTOTPForm):
    code = _code(_("The code that the app shows now"))


#: What the library of keys raises of an answer that is none, besides what allauth catches.
_NO_ANSWER = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class _Answer(forms.JSONField):
    """What a browser has of a key. JSON that Python refuses for its size is none."""

    def __init__(self) -> None:
        super().__init__(required=True, widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return None


class _KeyAnswer(AuthenticateWebAuthnForm):
    credential = _Answer()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _NO_ANSWER:
            raise get_adapter().validation_error("incorrect_code") from None


class SignInByKeyForm(_KeyAnswer):
    pass


class ProveByKeyForm(_KeyAnswer):
    reauthenticated = True


class KeyForm(AddWebAuthnForm):
    credential = _Answer()
    name = forms.CharField(
        label=_("What you call it"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Such as: the key on my key ring, this computer."),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        return name or str(_("Security key"))

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _NO_ANSWER:
            raise get_adapter().validation_error("incorrect_code") from None
