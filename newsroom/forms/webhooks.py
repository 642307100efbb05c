"""The form of a webhook: what it is told of is ticked."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.models import Webhook
from newsroom.models.webhook import Event


class WebhookForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label=_("Is told that"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Webhook
        fields = ("name", "address", "events", "active")

    def clean_address(self) -> str:
        """What it is told is public; but over HTTP nobody knows who hears it, or answers."""
        address: str = self.cleaned_data["address"]
        if not address.startswith("https://") and not settings.DEMO:
            raise forms.ValidationError(_("Write an address that begins with https://."))
        return address
