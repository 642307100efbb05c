"""Rows that are saved, published and withdrawn by deeds, whose refusals are shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions.refusals import Overtaken, Refused
from newsroom.forms import ReasonForm

from .doing import do
from .listing import Listed


class Deeds(Protocol):
    """A module of `newsroom.actions` whose noun goes public."""

    publish: Callable[..., Any]
    withdraw: Callable[..., Any]


class SavedByDeeds(Listed):
    """Saving is a deed. What it refuses becomes an error of the form, which keeps all that was typed.

    A form that comes back answers 422, or 409 if somebody else was faster.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            # The transaction of the save is rolled back. The same request again, now with its refusal.
            request.refusal = refusal
            response = super().changeform_view(request, object_id, form_url, extra_context)
            if isinstance(refusal, Overtaken):
                response.status_code = 409
            return response

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[Form]:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"refusal": getattr(request, "refusal", None)})

    def save_related(self, request: HttpRequest, form: Form, formsets: list[Any], change: bool) -> None:
        """The deed saved all there is and left its record; the inlines are read-only."""
        for formset in formsets:
            self.save_formset(request, form, formset, change)


class PublishedByDeeds(Listed):
    """Publishing and withdrawing, one deed a row: where one is refused, the others are still done."""

    deeds: Deeds
    publish_permission: str
    publish_label: str = gettext_lazy("Publish")
    actions = ("publish_selected", "withdraw_selected")
    # Where the desk decides on a row: what is refused here leads there.
    at_the_desk: Callable[[Any], str] | None = None

    def may_publish(self, row: Any) -> bool:
        """Whether the page of this row offers to publish it; the deed decides."""
        # Each admin page says it of its own rows, and the next likewise.
        raise NotImplementedError

    def may_withdraw(self, row: Any) -> bool:
        """Whether it offers to withdraw it."""
        raise NotImplementedError

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.publish_permission)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None and self.has_publish_permission(request):
            context["may_publish"] = self.may_publish(obj)
            context["may_withdraw"] = self.may_withdraw(obj)
            context["publish_label"] = self.publish_label
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if "publish_selected" in actions:
            function, name, _description = actions["publish_selected"]
            actions["publish_selected"] = (function, name, self.publish_label)
        return actions

    @admin.action(permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        do(
            self,
            request,
            queryset,
            self.deeds.publish,
            done=_("Published: %s."),
            at_the_desk=self.at_the_desk,
        )

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self.do_with_reason(
            request, queryset, self.deeds.withdraw, title=_("Withdraw"), done=_("Withdrawn: %s.")
        )

    def do_with_reason(
        self,
        request: HttpRequest,
        rows: QuerySet,
        deed: Callable[..., Any],
        *,
        title: str,
        done: str,
        argument: str = "reason",
        help_text: str | None = None,
    ) -> HttpResponse | None:
        """Asks for the reason, the deed's `argument`, on a page of its own, which posts here again."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            do(self, request, rows, partial(deed, **{argument: form.cleaned_data["reason"]}), done=done)
            return None
        if help_text is not None:
            form.fields["reason"].help_text = help_text
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "form": form,
            "rows": rows,
            "action": request.POST["action"],
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/ask.html", context)
