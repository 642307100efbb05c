"""The form by which the desk looks for what is held on a reader, and deletes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReaderForm(forms.Form):
    """The address that a reader left. To delete what is kept, that they asked for it has to be said."""

    address = forms.EmailField(
        label=_("The reader’s e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("As they left it with a flag. Make sure first that it is they who ask."),
    )
    confirmed = forms.BooleanField(label=_("The reader asked for this. It cannot be undone."), required=False)

    def __init__(self, *args: Any, deletes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deletes = deletes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.deletes and not cleaned.get("confirmed"):
            self.add_error("confirmed", _("Say that the reader asked for it."))
        return cleaned
