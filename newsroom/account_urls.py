"""What there is of django-allauth's pages, under the names that it calls them by."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView

from newsroom.views import provided, second_factor, signing_in


class Base36(StringConverter):
    """How allauth writes whose a letter is."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")

urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="admin:login", query_string=True), name="account_login"),
    path("provider/", provided.provider_sign_in, name="provider_sign_in"),
    path("provider/again/", provided.provider_sign_in, {"again": True}, name="provider_again"),
    path("provider/callback/", provided.provider_callback, name="provider_callback"),
    path("password/", signing_in.Forgotten.as_view(), name="account_reset_password"),
    path("password/sent/", signing_in.LetterSent.as_view(), name="account_reset_password_done"),
    path(
        "password/<base36:uidb36>-<str:key>/",
        signing_in.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed/",
        signing_in.PasswordChanged.as_view(),
        name="account_reset_password_from_key_done",
    ),
    path("again/", second_factor.ProveByPassword.as_view(), name="account_reauthenticate"),
    path("again/code/", second_factor.ProveByCode.as_view(), name="mfa_reauthenticate"),
    path("again/key/", second_factor.ProveByKey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("second-factor/", second_factor.MySecondFactors.as_view(), name="mfa_index"),
    path("second-factor/prove/", second_factor.SecondFactor.as_view(), name="mfa_authenticate"),
    path("second-factor/app/", second_factor.AddApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", second_factor.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/key/", second_factor.AddKey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/key/<int:pk>/remove/", second_factor.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("second-factor/codes/", second_factor.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        second_factor.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/file/",
        second_factor.RecoveryCodesFile.as_view(),
        name="mfa_download_recovery_codes",
    ),
]
