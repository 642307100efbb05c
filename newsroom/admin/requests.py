"""Who was asked for comment, and what they answered, to be looked at: deeds note it."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from newsroom.models import RequestForComment

from .keeping import ReadOnly, shortened
from .listing import Listed


@admin.register(RequestForComment)
class RequestForCommentAdmin(ReadOnly, Listed):
    list_display = ("asked", "short_claim", "asked_at", "answered_at", "short_answer", "by")
    list_select_related = ("claim", "by")
    list_filter = (("answered_at", admin.EmptyFieldListFilter), "asked_at")
    search_fields = ("asked", "claim__text", "answer")
    ordering = ("-asked_at", "-id")

    @admin.display(description=_("claim"), ordering="claim__text")
    def short_claim(self, request: RequestForComment) -> str:
        return shortened(request.claim.text)

    @admin.display(description=_("answer"))
    def short_answer(self, request: RequestForComment) -> str:
        return shortened(request.answer)
