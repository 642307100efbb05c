"""Forms of the care of entities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from newsroom.models import Entity, EntityAlias, EntityIdentifier, Mention, Source

#: Rows that one form may name: as many as a page shows, and some more.
MOST = 200


class RowsChoice(forms.Field):
    """Rows by their public codes. A code of nothing is an error: it was there when the page was shown."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, model: type, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.model = model

    def clean(self, value: Any) -> list[Any]:
        found = [self.model.objects.all().with_code(code).first() for code in (value or [])[:MOST]]
        if None in found:
            raise forms.ValidationError(_("This is not there any more: choose again."))
        return found


class SplitForm(forms.Form):
    """What belongs to another one, and what that is called."""

    name = forms.CharField(
        label=_("What the other one is called"),
        max_length=Entity._meta.get_field("name").max_length,
        error_messages={"required": _("Say what the other one is called.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Entity.Kind.choices)
    mentions = RowsChoice(Mention)
    aliases = RowsChoice(EntityAlias)
    identifiers = RowsChoice(EntityIdentifier)
    sources = RowsChoice(Source)


class ProtectionForm(forms.Form):
    """Why readers are not to be led to somebody, and how that is called."""

    privacy = forms.ChoiceField(
        label=_("Protected as"),
        choices=Entity.Privacy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what it is protected as.")},
    )
    reason = forms.CharField(
        label=_("Why, for the desk"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, for the desk.")},
    )


class LiftingForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is not protected any more"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, for the desk.")},
    )


class StaysForm(forms.Form):
    """Which of several stays when they become one."""

    into = forms.ModelChoiceField(
        label=_("Which one stays"), queryset=Entity.objects.none(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, among: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = among
        self.fields["into"].empty_label = None


class NumberForm(forms.ModelForm):
    """The same thing in another catalogue."""

    class Meta:
        model = EntityIdentifier
        fields = ("scheme", "value")
