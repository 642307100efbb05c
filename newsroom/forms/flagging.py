"""The form by which a reader flags a passage or a thing; and those by which the desk decides on it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from newsroom.actions.annotations import Place
from newsroom.models import (
    Article,
    ArticleAddress,
    Claim,
    Correction,
    Entity,
    Flag,
    Review,
    Revision,
    Source,
    User,
)
from newsroom.models.flag import ANSWER_LENGTH, MESSAGE_LENGTH, OUTCOME_LENGTH

from .intake import LabelsAbove, languages
from .proved import Proved
from .reviewing import Moment
from .tagging import CodeChoice, PlaceForm

_BY_CODE = {"claims": Claim, "sources": Source, "entities": Entity}


class FlagForm(Proved, PlaceForm):
    """What a reader has to say. Without a `revision` it is about a thing as a whole, and has no words."""

    based_on = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=Flag.Kind.choices, widget=forms.RadioSelect
    )
    message = forms.CharField(
        label=_("What do you want to say?"),
        # How long it is, is asked of it as it is kept: a browser sends each line end as two letters.
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": MESSAGE_LENGTH}),
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


class LetterForm(LabelsAbove, forms.Form):
    """A letter that came otherwise than by the form, as somebody of the desk copies it."""

    about = forms.CharField(
        label=_("Address of our page that it is about"),
        max_length=2000,
        help_text=_("Of an article, a claim, a source or a name, copied from the browser."),
    )
    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=Flag.Kind.choices, widget=forms.RadioSelect
    )
    how = forms.CharField(
        label=_("How it came"),
        max_length=200,
        help_text=_("By certified mail (PEC), by post, on the telephone; from whom, and where it is kept."),
    )
    came_at = Moment(label=_("When it came"), help_text=_("From then on the days run."))
    message = forms.CharField(
        label=_("What it says"),
        # How long it is, is asked of it as it is kept: a browser sends each line end as two letters.
        widget=forms.Textarea(attrs={"rows": 10, "maxlength": MESSAGE_LENGTH}),
        help_text=_(
            "Word for word. A rectification is published as it stands here, by somebody else than you, who "
            "compares it with what came."
        ),
    )
    name = forms.CharField(
        label=_("Who signed it"),
        max_length=120,
        required=False,
        help_text=_("Needed for a rectification, which is published with it, and for a reply."),
    )
    lang = forms.ChoiceField(label=_("Language in which it is written"))
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = languages(self.initial.get("lang", "it"))

    def clean_about(self) -> Article | Claim | Source | Entity:
        """The thing at an address of ours, public or not."""
        found: Article | Claim | Source | Entity | None = None
        with suppress(Resolver404, ValueError), translation.override(settings.LANGUAGE_CODE):
            # English pages too, whatever the language of who copies the letter.
            path = urlsplit(self.cleaned_data["about"].strip()).path.removeprefix("/en/")
            there = resolve(f"/{path.lstrip('/')}")
            named = re.search(r"\b(articles|claims|sources|entities|reviews)/<slug:(\w+)>", there.route)
            things, word = named.groups() if named else ("", "")
            slug = there.kwargs.get(word, "")
            if things == "articles":
                moved = ArticleAddress.objects.filter(slug=slug).values("article")
                found = Article.objects.filter(Q(slug=slug) | Q(pk__in=moved)).first()
            elif things == "reviews":
                found = Claim.objects.filter(reviews__in=Review.objects.with_code(slug)).first()
            elif things:
                found = _BY_CODE[things].objects.with_code(slug.rpartition("-")[2]).first()
        if found is None:
            raise ValidationError(_("No article, claim, source or name of ours has this address."))
        return found

    def clean_came_at(self) -> datetime:
        """Years that no calendar of ours can reckon with are refused before anybody does."""
        came: datetime = self.cleaned_data["came_at"]
        if not 2000 <= came.year < 3000:
            raise ValidationError(_("It came within the last year, and not after now: look at the date."))
        return came

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "uuid" in self.errors:
            self.add_error(None, _("This form was damaged on its way: look at it, and send it again."))
            self.renew_key()
        return cleaned

    def renew_key(self) -> None:
        self.data = self.data.copy()
        self.data["uuid"] = str(uuid4())


class CorrectLetterForm(LetterForm):
    """What somebody copied, as it was shown."""

    row_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["uuid"]


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
