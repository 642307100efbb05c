"""Tokens for programs: issued here, their secret shown once, and revoked. The digest stands on no page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions import tokens
from newsroom.forms import TokenForm
from newsroom.models import ApiToken

from .doing import do
from .keeping import Kept
from .publishing import SavedByDeeds


@admin.register(ApiToken)
class ApiTokenAdmin(Kept, SavedByDeeds):
    form = TokenForm
    list_display = ("name", "user", "may", "prefix", "created_at", "expires_at", "last_used_on", "revoked_at")
    list_select_related = ("user",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "user", "last_used_on")
    search_fields = ("name", "prefix", "user__username", "user__last_name")
    ordering = ("-created_at", "-id")
    actions = ("revoke_selected",)

    @admin.display(description=gettext_lazy("scopes"))
    def may(self, token: ApiToken) -> str:
        return ", ".join(str(ApiToken.Scope(scope).label) for scope in token.scopes)

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """What a token may do never changes: another is issued. Who may change it may revoke it."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.change_apitoken")

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        if obj is None:
            return TokenForm.Meta.fields
        return (
            "name", "user", "may", "prefix", "created_by", "created_at", "expires_at", "last_used_on",
            "revoked_by", "revoked_at",
        )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: ApiToken, form: TokenForm, change: bool) -> None:
        given = dict(form.cleaned_data)
        issued = tokens.issue(given.pop("user"), by=request.user, at=now(), **given)
        # The admin goes on with the object it made itself: from here on that is the token.
        obj.pk = issued.token.pk
        obj.refresh_from_db()
        request.secret = issued.secret

    def log_addition(self, request: HttpRequest, obj: ApiToken, message: Any) -> None:
        """The deed left its record."""

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The one page that shows the secret: no address leads to it, and the admin lets no cache keep it."""
        context = self.admin_site.each_context(request) | {
            "title": _("The token was issued"),
            "opts": self.opts,
            "token": obj,
            "secret": request.secret,
        }
        return TemplateResponse(request, "admin/token.html", context)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        do(self, request, queryset, tokens.revoke, done=_("Revoked: %s."))
