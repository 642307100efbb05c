"""A text to be triaged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.formats import incoming, language
from newsroom.formats.unreadable import Unreadable
from newsroom.text import document

from .intake import LabelsAbove

#: Characters of a text, some 2,000 words.
LONGEST = 12_000


def _too_long() -> str:
    return _("The text has %(show_value)d characters, and at most %(limit_value)d: paste a part of it.")


class TriageForm(LabelsAbove, forms.Form):
    """A text as it was copied. Once valid, `words` are its paragraphs, each on a line.

    `lang_of_words` is the tag that was chosen or guessed, "" if there are too few words to guess it.
    """

    # A validator, and no `max_length`: the browser would cut what is pasted, and say nothing.
    text = forms.CharField(
        label=gettext_lazy("Text"),
        validators=[MaxLengthValidator(LONGEST, lazy(_too_long, str)())],
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=lazy(lambda: _("At most %(number)d characters.") % {"number": LONGEST}, str)(),
    )
    lang = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[
            ("", gettext_lazy("guess it from the words")),
            ("it", gettext_lazy("Italian")),
            ("en", gettext_lazy("English")),
            ("und", gettext_lazy("another one")),
        ],
    )

    words: str
    lang_of_words: str

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "text" not in cleaned or "lang" not in cleaned:
            return cleaned
        try:
            draft = incoming.read_text(cleaned["text"], incoming.TEXT)
        except Unreadable as reason:
            self.add_error("text", str(reason))
            return cleaned
        body = document.parse(draft.html).text
        self.words = "\n".join(filter(None, (draft.headline, draft.standfirst, body)))
        self.lang_of_words = cleaned["lang"] or language.guess(self.words)
        return cleaned
