"""Forms of relations between claims, read from the side of one of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.models import Claim, ClaimRelation
from newsroom.presenters.relations import choices

from .editing import DeedForm
from .tagging import CodeChoice

NOTE_LENGTH = 2000


class RelationForm(forms.Form):
    """What this claim is to the other, or the other to it; what is cleaned has `kind` and `outward`."""

    said = forms.ChoiceField(
        label=_("Relation"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose how they are related.")),
    )
    strength = forms.ChoiceField(
        label=_("Strength"),
        required=False,
        choices=[("", pgettext_lazy("strength", "not said")), *ClaimRelation.Strength.choices],
    )
    note = forms.CharField(
        label=_("Note, for the desk"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "relation_%s"} | kwargs))
        self.fields["said"].choices = choices()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "said" in cleaned:
            kind, _dash, side = cleaned["said"].partition("-")
            cleaned |= {"kind": kind, "outward": not side}
        return cleaned


class NewRelationForm(RelationForm):
    """With another claim, which is chosen among those that were found."""

    other = CodeChoice(Claim.objects.filter(withdrawn_at=None))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # None is chosen beforehand: the first one would be said by mistake.
        said = self.fields["said"]
        said.choices = [("", pgettext_lazy("relation", "Choose…")), *said.choices]

    def clean_other(self) -> Claim:
        if self.cleaned_data["other"] is None:
            raise forms.ValidationError(_("Look for the other claim, and choose it."))
        return self.cleaned_data["other"]


class ChangedRelationForm(RelationForm):
    """Of a relation that is there; `version` is the one that was looked at."""

    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where the focus goes when the form is opened.
        self.fields["said"].widget.attrs["data-focus"] = True


class RelationRowForm(DeedForm):
    """A relation as the admin has it: between two claims, neither of them the one that is looked at."""

    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    class Meta:
        model = ClaimRelation
        fields = ("source", "kind", "target", "strength", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
