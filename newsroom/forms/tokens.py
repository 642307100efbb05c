"""The form of a token for a program."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _

from newsroom.models import ApiToken, User

from .editing import DeedForm


class TokenForm(DeedForm):
    user = forms.TypedChoiceField(
        label=_("Acts as"),
        help_text=_("What the program does is written down as done by this person."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=ApiToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.SplitDateTimeField(
        label=_("Expires at"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_("Empty if it does not expire."),
    )

    class Meta:
        model = ApiToken
        fields = ("name", "user", "scopes", "expires_at")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # A newsroom has few people.
        people = {str(person.pk): person for person in User.objects.at_work().order_by("username")}
        self.fields["user"].choices = [("", "—"), *((key, str(person)) for key, person in people.items())]
        self.fields["user"].coerce = people.__getitem__
