"""Who failed to sign in and may have to wait: to be seen, and to be let in sooner."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions import lockouts
from newsroom.models import Lockout

from .doing import do
from .keeping import ReadOnly
from .listing import Listed


@admin.register(Lockout)
class LockoutAdmin(ReadOnly, Listed):
    """Rows go by themselves when the wait is over; of what was sent along nothing is shown."""

    list_display = ("tried", "address", "failures", "last")
    list_filter = ("attempt_time",)
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time", "-id")
    fields = readonly_fields = ("tried", "address", "failures", "last")
    actions = ("lift_selected",)

    @admin.display(description=gettext_lazy("name that was typed"), ordering="username")
    def tried(self, lockout: Lockout) -> str:
        return lockout.username or ""

    @admin.display(description=gettext_lazy("address"), ordering="ip_address")
    def address(self, lockout: Lockout) -> str:
        return lockout.ip_address or ""

    @admin.display(description=gettext_lazy("failures"), ordering="failures_since_start")
    def failures(self, lockout: Lockout) -> int:
        return lockout.failures_since_start

    @admin.display(description=gettext_lazy("last at"), ordering="attempt_time")
    def last(self, lockout: Lockout) -> object:
        return lockout.attempt_time

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.delete_lockout")

    @admin.action(description=gettext_lazy("Let them in again"), permissions=["lift"])
    def lift_selected(self, request: HttpRequest, queryset: QuerySet[Lockout]) -> None:
        do(self, request, queryset, lockouts.lift, done=_("Let in again: %s."))
