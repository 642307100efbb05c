"""Cues of attributions: the words of the newsroom's own by which somebody says something."""

from __future__ import annotations

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.timezone import now

from newsroom.forms import CueForm
from newsroom.models import Cue

from .keeping import Kept, Recorded


@admin.register(Cue)
class CueAdmin(Kept, Recorded):
    """Those of every newsroom are in the program; what stands here is added to them."""

    form = CueForm
    list_display = ("words", "kind", "lang", "active", "by", "at")
    list_select_related = ("by",)
    list_filter = ("active", "lang", "kind")
    search_fields = ("words", "example")
    readonly_fields = ("by", "at")

    def save_model(self, request: HttpRequest, obj: Cue, form: ModelForm, change: bool) -> None:
        obj.by, obj.at = request.user, now()
        super().save_model(request, obj, form, change)
