"""What there is of django-allauth's pages, under the names that it calls them by."""

from __future__ import annotations

from django.urls import path, re_path
from django.views.generic import RedirectView

from newsroom.views import signing_in

urlpatterns = [
    path("login/", RedirectView.as_view(pattern_name="admin:login", query_string=True), name="account_login"),
    path("password/", signing_in.Forgotten.as_view(), name="account_reset_password"),
    path("password/sent/", signing_in.LetterSent.as_view(), name="account_reset_password_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signing_in.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed/",
        signing_in.PasswordChanged.as_view(),
        name="account_reset_password_from_key_done",
    ),
]
