"""The form by which a reader flags a passage or a thing; and those by which the desk decides on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsroom.actions.annotations import Place
from newsroom.models import Correction, Flag, Review, Revision, User
from newsroom.models.flag import ANSWER_LENGTH, MESSAGE_LENGTH, OUTCOME_LENGTH

from .intake import LabelsAbove, languages
from .proved import Proved
from .tagging import CodeChoice, PlaceForm


class FlagForm(Proved, PlaceForm):
    """What a reader has to say. Without a `revision` it is about a thing as a whole, and has no words."""

    based_on = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=Flag.Kind.choices, widget=forms.RadioSelect
    )
    message = forms.CharField(
        label=_("What do you want to say?"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Only the newsroom reads it, and it is never published, but for a rectification: that is "
            "published as you write it, with your name and the date, before the text. The law gives you "
            "thirty lines for it, which are about 1,800 characters."
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        help_text=_(
            "Needed for a rectification or a reply, which somebody signs. A rectification is published with "
            "it; else only the newsroom reads it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = forms.EmailField(
        label=_("E-mail for an answer"),
        max_length=254,
        required=False,
        help_text=_(
            "Only if you want one. We ask by mail whether it is yours, show it to nobody, and delete it some "
            "time after we have answered."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, subject: str, revision: Revision | None, by_mail: bool, **kwargs: Any):
        super().__init__(*args, revision=revision, **kwargs)
        self.subject = subject
        words = self.fields["words"]
        words.label = _("Which words?")
        words.help_text = _("Copy them as they stand in the article; leave it empty if you mean all of it.")
        words.max_length = 5000
        if revision is None:
            for name in ("words", "place", "start", "end", "based_on"):
                del self.fields[name]
        if not by_mail:
            del self.fields["address"]
        self.order_fields(["kind", "words", "place", "message", "name", "address", "website"])

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or self.cleaned_data
        if cleaned.get("kind") in Flag.SIGNED and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Who asks for this signs with their name."))
        if self.revision is None or {"words", "place", "start", "end"} & self.errors.keys():
            return cleaned
        if cleaned["words"] or cleaned["place"]:
            cleaned["where"] = self._where(cleaned)
        return cleaned

    def clean_words(self) -> str:
        words = super().clean_words()
        if len(words) > 5000:
            raise ValidationError(_("That is too much to quote: the first and the last words are enough."))
        return words

    @property
    def where(self) -> Place | None:
        return self.cleaned_data.get("where")


class _OfFlag(LabelsAbove, forms.Form):
    """Done to a flag as it was shown."""

    row_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class AssignFlagForm(_OfFlag):
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Who sees to it"), required=False, to_field_name="username"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        at_work = User.objects.at_work().order_by("last_name", "first_name", "username")
        self.fields["to"].queryset = at_work
        self.fields["to"].empty_label = _("Nobody")
        self.fields["to"].label_from_instance = lambda user: user.desk_name


class AnswerFlagForm(_OfFlag):
    """Words for the reader alone, begun with a template if one is chosen."""

    words = forms.CharField(
        label=_("Answer for the reader alone"),
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AcceptFlagForm(_OfFlag):
    outcome = forms.CharField(
        label=_("What came of it, for everybody"),
        max_length=OUTCOME_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "In your own words: it stands with the passage and in the list of corrections. Quote nothing "
            "that the reader wrote, and name nobody."
        ),
    )
    lang = forms.ChoiceField(label=_("Language"))
    correction = CodeChoice(Correction.objects.all(), label=_("The correction that came of it"))
    review = CodeChoice(Review.objects.all(), label=_("The review that came of it"))
    words = forms.CharField(
        label=_("Answer for the reader alone"),
        max_length=ANSWER_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, corrections: Any = (), reviews: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = languages(self.initial.get("lang", "it"))
        for name, rows in (("correction", corrections), ("review", reviews)):
            if rows:
                choices = [("", _("None")), *((row.code, str(row)) for row in rows)]
                self.fields[name].widget = forms.Select(choices=choices)
            else:
                del self.fields[name]


class PublishRectificationForm(_OfFlag):
    lang = forms.ChoiceField(label=_("Language in which it is written"))
    words = forms.CharField(
        label=_("Answer for the reader alone"),
        max_length=ANSWER_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = languages(self.initial.get("lang", "it"))


class WithdrawRectificationForm(LabelsAbove, forms.Form):
    reason = forms.CharField(
        label=_("Why, for everybody"),
        max_length=OUTCOME_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MergeFlagForm(_OfFlag):
    into = forms.ModelChoiceField(
        Flag.objects.none(), label=_("Which flag says the same"), to_field_name="uuid", empty_label=None
    )

    def __init__(self, *args: Any, others: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Flag.objects.none() if others is None else others
        self.fields["into"].label_from_instance = _told_apart


class ReopenFlagForm(_OfFlag):
    pass


def _told_apart(flag: Flag) -> str:
    words = flag.letter.message if hasattr(flag, "letter") else ""
    return f"{flag.get_kind_display()} · {flag.at:%Y-%m-%d %H:%M} · {words[:60]}"
