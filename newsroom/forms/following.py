"""The forms by which a reader follows something by mail, and says how."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.models.following import Rhythm

from .intake import LabelsAbove
from .proved import Proved


class _How(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("How often?"), choices=Rhythm.choices, initial=Rhythm.DAILY, widget=forms.RadioSelect
    )
    lang = forms.ChoiceField(
        label=_("In which language?"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class HowForm(LabelsAbove, _How):
    """How often, and in which language, they want to be told."""


class AddressForm(Proved):
    """Who follows something already wants the address of their private page."""

    address = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, subject: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject


class FollowForm(AddressForm, _How):
    """What is new of a thing is to come to an address."""

    field_order = ("address", "rhythm", "lang", "website", "token")
