"""The site that the admin is: its name, and the order of its first page.

It stands outside `newsroom/admin/`, whose modules register with it and so need it to be there before them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

#: The nouns of the house in groups, each in the order of work. One that is in none stands with the last.
GROUPS = (
    (
        _("Work"),
        ("Article", "Claim", "Review", "Evidence", "Document", "Source", "ConfidentialSource", "Entity"),
    ),
    (
        _("In the text"),
        (
            "Revision",
            "Correction",
            "Rectification",
            "Annotation",
            "Target",
            "Appearance",
            "Attribution",
            "Mention",
        ),
    ),
    (
        _("Details"),
        (
            "StoredCopy",
            "DocumentCheck",
            "ClaimWording",
            "ClaimRelation",
            "EntityAlias",
            "EntityIdentifier",
            "ArticleAddress",
        ),
    ),
    (
        _("The newsroom"),
        (
            "Newsroom",
            "Policy",
            "Imprint",
            "Page",
            "PageVersion",
            "RatingScale",
            "RatingLevel",
            "RatingLabel",
            "Cue",
            "TrainedModel",
            "User",
            "ApiToken",
            "Webhook",
            "Delivery",
            "Lockout",
            "Deed",
        ),
    ),
)


class NewsroomAdminConfig(AdminConfig):
    default_site = "config.admin.NewsroomSite"


#: Apps whose rows belong to a person alone, with secrets among them: the admin lists none of theirs.
CLOSED_APPS = {"account", "mfa", "socialaccount"}


class NewsroomSite(AdminSite):
    site_header = site_title = "Controluce"
    index_title = _("The newsroom's records")
    empty_value_display = "—"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if getattr(getattr(model_or_iterable, "_meta", None), "app_label", "") not in CLOSED_APPS:
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        return [path("condition/", self.admin_view(self.condition), name="condition"), *super().get_urls()]

    def condition(self, request: HttpRequest) -> HttpResponse:
        """How the site is, for who runs it."""
        from newsroom.admin.condition import condition_page

        return condition_page(request, self.each_context(request))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        return context | {"demo": settings.DEMO}

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Any:
        """As Django's. Whose session ended while a form stood open signs in with what was typed."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # There are no models yet when this module is read.
            from newsroom.views.typed import session_ended, typed_in

            if request.method == "POST" and not self.has_permission(request) and (typed := typed_in(request)):
                return session_ended(request, typed)
            return guarded(request, *args, **kwargs)

        return answer

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The one page on which the desk and the admin sign in."""
        from newsroom.views.signing_in import sign_in

        return sign_in(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """As Django's, with our nouns in groups. Each name is translated once, and not each time that two of
        them are compared.
        """
        apps: dict[str, dict[str, Any]] = self._build_app_dict(request, app_label)
        for app in apps.values():
            for model in app["models"]:
                model["name"] = str(model["name"])
            app["models"].sort(key=itemgetter("name"))
        ours = _in_groups(apps.pop("newsroom")) if "newsroom" in apps else []
        return ours + sorted(apps.values(), key=lambda app: app["name"].lower())


def _in_groups(app: dict[str, Any]) -> list[dict[str, Any]]:
    """One app as several, each with the rows that this person may see."""
    rows = {row["object_name"]: row for row in app["models"]}
    groups = [[rows.pop(name) for name in names if name in rows] for _label, names in GROUPS]
    groups[-1] += rows.values()
    return [
        app | {"name": label, "models": models}
        for (label, _names), models in zip(GROUPS, groups, strict=True)
        if models
    ]
