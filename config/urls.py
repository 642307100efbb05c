"""Where addresses begin: Italian at the bare path, English under /en/; data and files without a language."""

from __future__ import annotations

from inspect import unwrap

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.defaults import bad_request, server_error

from newsroom.views import health
from newsroom.views.pictures import picture
from newsroom.views.policy_reports import policy_reports
from newsroom.views.sitemaps import robots

handler404 = "newsroom.views.reader.not_found"
# Django's own look for the token of a form first, and so read once more what could not be read: the page that
# says so would fail by it, and nothing be answered at all. They hold no form.
handler400, handler500 = unwrap(bad_request), unwrap(server_error)
handler429 = "newsroom.views.signing_in.too_often"

urlpatterns = [
    # First what is asked for most: every pattern before costs each reader something.
    *i18n_patterns(
        path("", include("newsroom.urls")),
        path("admin/", admin.site.urls),
        path("account/", include("newsroom.account_urls")),
        prefix_default_language=False,
    ),
    path("", include("newsroom.data_urls")),
    path("pictures/<uuid:uuid>.webp", picture, name="picture"),
    path("policy-reports", policy_reports, name="policy-reports"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", robots, name="robots"),
]
