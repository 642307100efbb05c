"""Forms of the review page: a rating with its reasons, what a second person says to it, who checks and asks.

Each sends what its reader saw (`row_version`, `seen`), so that whoever came second is told.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.models import Claim, Review, User
from newsroom.models.review import SUMMARY_LENGTH

from .editing import AppearanceChoice, DecisionForm, LevelChoice, ReadOnce
from .sections import Section

#: Where a form shows what a deed refused: the code of the refusal -> the field that answers it.
ANSWERED_IN = {
    "evidence": "no_evidence_reason",
    "facts": "facts_judged",
    "level": "level",
    "primary": "no_primary_reason",
    "request": "no_request_reason",
    "scale": "level",
    "summary": "summary",
}


def show_refusal(form: forms.Form, refusal: ValidationError) -> None:
    """Beside the field that answers it, else over the form."""
    if hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return
    code = getattr(refusal, "code", None) or NON_FIELD_ERRORS
    name = ANSWERED_IN.get(code, code)
    form.add_error(name if name in form.fields else None, refusal)


class Moment(forms.DateTimeField):
    """A moment that a browser lets choose, or that is typed."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, **given)


class Day(forms.DateField):
    def __init__(self, **given: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **given)


class _ByUuid(forms.ModelChoiceField):
    """Of rows that a page names by their UUID: what is none is no choice, as another's would be."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            params = {"value": value}
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", params) from error


class _Level(LevelChoice, _ByUuid):
    pass


class _Words(AppearanceChoice, _ByUuid):
    pass


class RatingForm(Section, forms.ModelForm):
    """What a claim is rated, in short and at length: a new proposal, or one that its author changes."""

    level = _Level(
        label=_("Rating"),
        widget=forms.RadioSelect,
        to_field_name="uuid",
        error_messages={"required": _("Choose a rating."), "invalid_choice": _("Choose a rating.")},
    )
    appearance = _Words(
        label=_("The words that are judged"),
        required=False,
        to_field_name="uuid",
        empty_label=_("The claim as it is worded"),
        help_text=_("The rating belongs to the words that stand there now."),
    )
    #: The latest review of the claim when the form was shown, "" if there was none.
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    row_version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Review
        fields = (
            "level", "judges", "appearance", "lang", "summary", "explanation", "facts_judged",
            "no_evidence_reason", "no_primary_reason", "no_request_reason",
        )  # fmt: skip
        widgets = {
            "judges": forms.RadioSelect,
            "summary": forms.Textarea(attrs={"rows": 3}),
            "explanation": forms.Textarea(attrs={"rows": 8}),
            "facts_judged": forms.Textarea(attrs={"rows": 2}),
            "no_evidence_reason": forms.Textarea(attrs={"rows": 2}),
            "no_primary_reason": forms.Textarea(attrs={"rows": 2}),
            "no_request_reason": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "summary": _("At most 160 characters. It stands beside the words in the text."),
            "explanation": _(
                "What was checked, how, and what is not known. Markdown: *emphasis*, lists with -, "
                "[words](address), > quotation."
            ),
        }

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, prefix="rate", **kwargs)
        self.claim = claim
        self.fields["level"].offer()
        self.fields["appearance"].offer(claim)
        languages = dict(settings.LANGUAGES)
        self.fields["lang"] = forms.ChoiceField(
            label=_("Language of the review"),
            choices=list(({claim.lang: claim.lang} | languages).items()),
            initial=claim.lang,
            required=False,
        )
        self.fields["judges"].choices = Review.Judges.choices
        self.fields["judges"].initial = Review.Judges.CONTENT
        if not self.instance.pk:
            first = self.fields["appearance"].first()
            self.initial.setdefault("appearance", first.uuid if first else "")
        else:
            self.initial["level"] = self.instance.level.uuid
            self.initial["appearance"] = self.instance.appearance.uuid if self.instance.appearance else ""

    def clean_summary(self) -> str:
        """One line: a line end that a browser sends as two characters is none of the hundred and sixty."""
        summary = " ".join(self.cleaned_data["summary"].split())
        if len(summary) > SUMMARY_LENGTH:
            raise ValidationError(
                _("This has %(length)d characters; at most %(most)d fit."),
                params={"length": len(summary), "most": SUMMARY_LENGTH},
            )
        return summary

    def clean_lang(self) -> str:
        return self.cleaned_data["lang"] or self.claim.lang

    def _post_clean(self) -> None:
        """Nothing more: the deed makes the review, asks its rules, and its refusals come back here."""

    def look_again(self, seen: str, row_version: int | None) -> None:
        """To send it again, with what is there now before one's eyes, is to stand by it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = seen
        self.data[self.add_prefix("row_version")] = str(row_version or "")

    @property
    def rating(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in RatingForm.Meta.fields}

    @property
    def has_more(self) -> bool:
        """Whether something is in, or wrong with, the fields that are folded away."""
        folded = ("facts_judged", "no_evidence_reason", "no_primary_reason", "no_request_reason")
        return any(self[name].value() or self[name].errors for name in folded)


class _OfReview(Section, DecisionForm):
    """What is done to a review as it was shown."""

    row_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def look_again(self, theirs: Review) -> None:
        """To send it again, with theirs before one's eyes, is to decide that it holds for this one too."""
        self.data = self.data.copy()
        self.data[self.add_prefix("row_version")] = str(theirs.row_version)


class ApprovalForm(_OfReview):
    """What an editor confirms of a claim that accuses somebody, and why a rule is overridden, if one is."""

    confirmed = forms.MultipleChoiceField(
        choices=Review.Confirmation.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    no_request_reason = forms.CharField(
        label=_("Why nobody was asked for comment"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    override_reason = forms.CharField(
        label=_("Why a rule is overridden"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "The log shows it to everybody of the desk. Nothing overrides that somebody else approves."
        ),
    )


class NoteForm(_OfReview):
    note = forms.CharField(
        label=_("What is to be changed"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is to be changed.")},
    )


class WordsForm(_OfReview):
    """The reason of a deed that stands on a page beside other forms: withdrawn, stale, or that it holds."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str = "", **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["reason"].label = label or self.fields["reason"].label


class _AtWork(forms.ModelChoiceField):
    iterator = ReadOnce

    def label_from_instance(self, user: User) -> str:
        return user.desk_name


class AssignmentForm(Section, forms.Form):
    to = _AtWork(User.objects.none(), label=_("Who checks it"), to_field_name="username", empty_label=None)
    due = Day(label=pgettext_lazy("assignment", "Due"), required=False)
    #: The open assignment as it was shown, "" if there was none.
    instead_of = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="assign", **kwargs)
        people = User.objects.at_work().order_by("last_name", "first_name", "username")
        self.fields["to"].queryset = people

    def look_again(self, instead_of: str) -> None:
        """To send it again, having seen who has it now, is to take it from them."""
        self.data = self.data.copy()
        self.data[self.add_prefix("instead_of")] = instead_of


class AccusationForm(Section, forms.Form):
    accuses = forms.ChoiceField(
        label=_("Does it accuse or discredit a living person or a named organisation?"),
        choices=[(value, label) for value, label in Claim.Accuses.choices if value],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say yes or no.")},
    )
    accused = forms.CharField(label=_("Whom"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="accusation", **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("accuses") == Claim.Accuses.YES and not cleaned.get("accused"):
            self.add_error("accused", _("Say whom it accuses."))
        elif cleaned.get("accuses") == Claim.Accuses.NO:
            cleaned["accused"] = ""
        return cleaned


class RequestForm(Section, forms.Form):
    """Who was asked what they say to it."""

    adds = True

    asked = forms.CharField(label=_("Who was asked"), max_length=300)
    how = forms.CharField(
        label=pgettext_lazy("request", "How"),
        max_length=300,
        help_text=_("By e-mail, by telephone, at which address."),
    )
    asked_at = Moment(label=_("When"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="request", **kwargs)


class AnswerForm(Section, forms.Form):
    """What they answered; an empty answer says that none came."""

    answer = forms.CharField(
        label=_("What they answered"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Leave it empty if no answer came."),
    )
    answered_at = Moment(label=_("When"))


def moment_now(at: Any) -> str:
    """This moment as a browser's field for moments wants it."""
    return localtime(at).strftime("%Y-%m-%dT%H:%M")
