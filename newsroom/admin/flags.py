"""Flags by readers, to be looked at: deeds decide on them; and the templates of answers, to be written.

What a reader wrote stands in no list here: the desk reads it on the page of the flag.
"""

from __future__ import annotations

from django.contrib import admin

from newsroom.models import AnswerTemplate, Flag, FlagTarget, Rectification

from .keeping import Kept, ReadOnly, Recorded
from .listing import Listed


@admin.register(Flag)
class FlagAdmin(ReadOnly, Listed):
    list_display = ("at", "kind", "state", "due", "assignee", "decided_by", "decided_at")
    list_select_related = ("assignee", "decided_by")
    list_filter = ("state", "kind", "at")
    search_fields = ("outcome",)
    ordering = ("-at", "-id")


@admin.register(FlagTarget)
class FlagTargetAdmin(ReadOnly, Listed):
    list_display = ("flag", "exact", "fate", "revision")
    list_select_related = ("flag", "revision__article")
    list_filter = ("fate",)
    search_fields = ("exact",)
    ordering = ("-id",)


@admin.register(Rectification)
class RectificationAdmin(ReadOnly, Listed):
    list_display = ("name", "flag", "by", "at", "withdrawn_at")
    list_select_related = ("flag", "by")
    list_filter = ("lang", "at")
    search_fields = ("name", "words")


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(Kept, Recorded):
    list_display = ("name", "use", "lang")
    list_filter = ("use", "lang")
    search_fields = ("name", "words")
