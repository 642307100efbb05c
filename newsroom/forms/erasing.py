"""The form of an erasure: first looked at, then confirmed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

#: A file as a person marks it: SHA-256, in hexadecimal.
HASH = re.compile("[0-9a-f]{64}")


class ErasureForm(forms.Form):
    """Forms of words, one a line. To look at the places needs nothing more; to erase them, all of it."""

    words = forms.CharField(
        label=_("Words to erase"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Each form on a line of its own, as it is written: the whole name, the surname alone."),
        error_messages={"required": _("Write the words that are to go, each form on a line.")},
    )
    reason = forms.CharField(
        label=_("Why they are erased"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("It stays in the log. Do not repeat the words."),
    )
    confirmed = forms.BooleanField(
        label=_("I have looked at all places. This cannot be undone."), required=False
    )
    #: The hashes of files that go with the words.
    files = forms.MultipleChoiceField(required=False)
    #: The seal of the preview that was looked at.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, erases: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.erases = erases
        # Which there are, the preview says; a hash of none marks none.
        self.fields["files"].valid_value = HASH.fullmatch

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.erases:
            if not cleaned.get("reason"):
                self.add_error("reason", _("Say why they are erased."))
            if not cleaned.get("confirmed") or not cleaned.get("seen"):
                self.add_error("confirmed", _("Look at the places first, and say that you have."))
        return cleaned

    def clean_words(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]

    def look_again(self, seal: str) -> None:
        """What was confirmed counts for the preview that was shown, and for no other."""
        self.data = self.data.copy()
        if self.data.get("seen") != seal:
            self.data.pop("confirmed", None)
        self.data["seen"] = seal
