"""Versions of what the assistant learned: looked at, chosen, laid aside. `train_assistant` makes them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions import learning
from newsroom.models import TrainedModel
from newsroom.presenters.learned import is_usable

from .doing import do
from .keeping import ReadOnly
from .listing import Listed


@admin.register(TrainedModel)
class TrainedModelAdmin(ReadOnly, Listed):
    list_display = (
        "kind",
        "lang",
        "at",
        "condition",
        "before",
        "after",
        "articles",
        "examples",
        "seconds",
        "by",
    )
    list_display_links = ("kind", "at")
    list_select_related = ("by",)
    list_filter = ("active", "kind", "lang", "state")
    search_fields = ("by__username", "sha256")
    fields = (
        "kind", "lang", "condition", "at", "by", "articles", "examples", "rejections", "held_articles",
        "before", "after", "seconds", "size", "sha256",
    )  # fmt: skip
    readonly_fields = ("condition",)
    actions = ("choose_selected", "lay_aside_selected")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrainedModel]:
        return super().get_queryset(request).defer("file")

    def has_choose_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.change_trainedmodel")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def condition(self, row: TrainedModel) -> str:
        if not row.active:
            return row.get_state_display()
        return (
            _("in use")
            if is_usable(row)
            else _("damaged: the rules are used instead; choose another version")
        )

    @admin.action(description=gettext_lazy("Use this version"), permissions=["choose"])
    def choose_selected(self, request: HttpRequest, queryset: QuerySet[TrainedModel]) -> None:
        do(self, request, queryset, learning.choose, done=_("In use: %s."))

    @admin.action(description=gettext_lazy("Lay aside, and go by rules"), permissions=["choose"])
    def lay_aside_selected(self, request: HttpRequest, queryset: QuerySet[TrainedModel]) -> None:
        do(self, request, queryset, learning.lay_aside, done=_("Laid aside: %s."))
