"""Webhooks: other programs that are told what became public, tried out here, and what each was told."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsroom.actions import announcing
from newsroom.forms import WebhookForm
from newsroom.models import Delivery, Webhook
from newsroom.tasks.webhooks import send_webhooks

from .keeping import Kept, ReadOnly, Recorded
from .listing import Listed


@admin.register(Webhook)
class WebhookAdmin(Kept, Recorded):
    """The secret is shown to who adds the webhook, or renews it, and on no other page."""

    form = WebhookForm
    list_display = ("name", "address", "active", "failing_since", "stopped_at", "by", "at")
    list_select_related = ("by",)
    list_filter = ("active",)
    search_fields = ("name", "address")
    readonly_fields = ("failing_since", "stopped_at", "by", "at")
    actions = ("try_selected", "renew_selected")

    def save_model(self, request: HttpRequest, obj: Webhook, form: ModelForm, change: bool) -> None:
        obj.by, obj.at = request.user, now()
        if obj.active:
            # Whoever lets it be told again gives it its whole time again.
            obj.failing_since = obj.stopped_at = None
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.secrets(request, _("The webhook was added"), [obj])

    @admin.action(description=gettext_lazy("Make a new secret"), permissions=["change"])
    def renew_selected(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> HttpResponse:
        with transaction.atomic():
            renewed = list(queryset.select_for_update(of=("self",)))
            for webhook in renewed:
                webhook.serial += 1
                webhook.by, webhook.at = request.user, now()
                webhook.save(update_fields=["serial", "by", "at"])
            self.record(request, "admin.change", renewed, fields=["serial"])
        return self.secrets(request, _("The secret is another one from now on"), renewed)

    @admin.action(description=gettext_lazy("Send a test"), permissions=["change"])
    def try_selected(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        number = len([announcing.try_out(webhook, at=now()) for webhook in queryset.filter(active=True)])
        send_webhooks.enqueue()
        said = ngettext(
            "%(number)s test is on its way: the deliveries show how it went.",
            "%(number)s tests are on their way: the deliveries show how they went.",
            number,
        ) % {"number": number}
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)

    def secrets(self, request: HttpRequest, title: str, webhooks: list[Webhook]) -> HttpResponse:
        """The one page that shows them: no address leads to it, and the admin lets no cache keep it."""
        context = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "secrets": [(webhook, f"whsec_{base64.b64encode(webhook.key).decode()}") for webhook in webhooks],
        }
        return TemplateResponse(request, "admin/webhook_secret.html", context)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, Listed):
    list_display = ("webhook", "event", "at", "state", "status", "attempts", "tried_at", "next_at", "failure")
    list_select_related = ("webhook",)
    list_filter = ("state", "event", "webhook")
    search_fields = ("webhook__name", "failure")
    ordering = ("-at", "-id")
    fields: Any = (
        "webhook", "event", "deed", "at", "state", "attempts", "tried_at", "next_at", "status", "failure",
    )  # fmt: skip
