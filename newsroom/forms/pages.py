"""The form of the newsroom's own pages: a page, and the next version of what it says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from newsroom.actions.refusals import Overtaken
from newsroom.models import Page, PageVersion

from .editing import DeedForm


class PageForm(DeedForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=PageVersion._meta.get_field("title").max_length,
        widget=AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
    )
    text = forms.CharField(
        label=_("Text"), widget=AdminTextareaWidget(attrs={"rows": 30}), help_text=_("Markdown.")
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=PageVersion._meta.get_field("note").max_length,
        required=False,
        widget=AdminTextInputWidget,
        help_text=PageVersion._meta.get_field("note").help_text,
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Page
        fields = ("slug", "lang", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.versions.newest_first().first() if self.instance.pk else None
        if current is None:
            return
        self.initial = {
            "title": current.title,
            "text": current.text,
            "based_on": current.number,
        } | self.initial
        if isinstance(self.refusal, Overtaken):
            # To save again, with the other version before one's eyes, is to decide that this one follows it.
            self.data = self.data.copy()
            self.data[self.add_prefix("based_on")] = str(current.number)
