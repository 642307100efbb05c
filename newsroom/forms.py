"""What people type. Each rule of the desk stands in its deed; a form shows what the deed refuses."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import global_settings, settings
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import OuterRef, Subquery
from django.forms import Script
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from newsroom.actions.refusals import Outdated, Refused
from newsroom.formats import html_page, incoming, pictures
from newsroom.formats.draft import DECLARED, GUESSED, Draft
from newsroom.formats.unreadable import Empty, Unreadable
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Claim,
    Original,
    RatingLevel,
    RatingScale,
    Review,
    Revision,
    Target,
)
from newsroom.models.review import SUMMARY_LENGTH
from newsroom.presenters.ratings import Ratings
from newsroom.text import document
from newsroom.text.document import Document
from newsroom.text.folding import fold
from newsroom.text.selectors import occurrences

#: The code of a refusal whose answer is 413.
TOO_LARGE = "too_large"


class BodyEditor(forms.Textarea):
    """A rich-text editor over a textarea of HTML, which is what there is without JavaScript.

    js/admin-body.js imports the editor from the address in the attribute: no import map, so no nonce.
    """

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-editor"] = static("django_prose_editor/editor.js")
        return context

    class Media:
        css = {
            "all": [
                "django_prose_editor/material-icons.css",
                "django_prose_editor/editor.css",
                "django_prose_editor/overrides.css",
                "css/admin-body.css",
            ]
        }
        js = [Script("js/admin-body.js", defer=True)]


class CountedText(AdminTextareaWidget):
    """A textarea that says how many characters are left of its `maxlength`."""

    class Media:
        js = [Script("js/admin-count.js", defer=True)]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Readers see it where the thing was."),
    )


class PasteForm(forms.Form):
    """A text as it was copied. Once valid, `draft` is what it was read into."""

    text = forms.CharField(label=_("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 12}))
    markup = forms.ChoiceField(
        label=_("Written in"),
        choices=[(incoming.TEXT, _("plain text")), (incoming.MARKDOWN, "Markdown"), (incoming.HTML, "HTML")],
        initial=incoming.TEXT,
        widget=forms.RadioSelect,
    )

    draft: Draft

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "text" in cleaned and "markup" in cleaned:
            try:
                self.draft = incoming.read_text(cleaned["text"], cleaned["markup"])
            except Unreadable as reason:
                self.add_error("text", str(reason))
        return cleaned


class FileForm(forms.Form):
    """A file as somebody wrote it. Once valid, `draft` is what it was read into, `body` the file itself."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(incoming.ENDINGS)}),
    )

    draft: Draft
    body: bytes
    kind: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = {"limit": filesizeformat(settings.UPLOAD_LIMIT)}
        self.fields["file"].help_text = _("Text, Markdown, HTML or Word, up to %(limit)s.") % limit

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise ValidationError(too_large(), code=TOO_LARGE)
        try:
            self.kind = incoming.kind_of(file.name)
            self.body = file.read()
            self.draft = incoming.read(self.body, self.kind)
        except Unreadable as reason:
            raise ValidationError(str(reason)) from None
        return file


class AddressForm(forms.Form):
    """Where an article stands on the web. Whether it may be fetched from there is asked by the view."""

    address = forms.URLField(
        label=_("Address"),
        max_length=1000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )


class DraftForm(forms.ModelForm):
    """An article that was read and not saved yet. `original` is what it was made of."""

    body = forms.CharField(label=_("Text, as HTML"), strip=False, widget=forms.Textarea(attrs={"rows": 16}))

    class Meta:
        model = Article
        fields = (
            "headline", "standfirst", "byline", "publisher", "date", "lang", "original_url", "rights",
        )  # fmt: skip
        widgets = {
            "headline": forms.Textarea(attrs={"rows": 2}),
            "standfirst": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data: Any = None, *, original: Original) -> None:
        self.original = original
        self.draft = Draft.from_data(original.draft)
        known = self.draft.to_data() | {"original_url": self.draft.canonical_url, "body": self.draft.html}
        if not self.draft.lang:
            del known["lang"]
        super().__init__(data, initial=known)
        self.fields["rights"].help_text = _(
            "Readers see the whole text if it is ours or licensed, else the tagged words in their sentences."
        )
        lang = self.fields["lang"]
        lang.widget = forms.Select(choices=languages(self.draft.lang))
        lang.help_text = {
            DECLARED: _("As the original declares it."),
            GUESSED: _("Guessed from the words: see whether it is right."),
        }.get(self.draft.lang_from, _("The words are too few to guess it."))

    def clean_headline(self) -> str:
        return " ".join(self.cleaned_data["headline"].split())

    def clean_body(self) -> str:
        """As it will be kept: the subset, with no picture but those that came with the original."""
        try:
            parsed = document.parse(html_page.within_bounds(self.cleaned_data["body"]))
        except Unreadable as reason:
            raise ValidationError(str(reason)) from None
        if not parsed.text:
            raise ValidationError(str(Empty()))
        ours = {picture.get_absolute_url() for picture in self.original.pictures.all()}
        return pictures.placed(document.write(parsed), dict(zip(ours, ours, strict=True)))

    @property
    def text(self) -> SafeString:
        """The text as it will stand."""
        kept = self.cleaned_data.get("body") if self.is_bound else None
        # Safe: what `document.write` writes of a parsed document is the subset and escaped.
        return mark_safe(document.write(document.parse(kept or self.draft.html)))

    def around_the_text(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DraftForm.Meta.fields}


def languages(besides: str) -> list[tuple[str, str]]:
    """Tags and names of languages, by name in the active one; with one that is not among them."""
    tags = {tag for tag, _name in global_settings.LANGUAGES}
    named = [(tag, get_language_info(tag)["name_translated"]) for tag in tags]
    others = [(besides, besides)] if besides and besides not in tags else []
    return others + sorted(named, key=lambda pair: fold(pair[1]))


def too_large() -> str:
    return _("The file is larger than %(limit)s.") % {"limit": filesizeformat(settings.UPLOAD_LIMIT)}


class DeedForm(forms.ModelForm):
    """The form of a deed. `refusal` is what the deed said to the same data, a moment ago."""

    refusal: ClassVar[Refused | None] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.refusal is not None:
            code = getattr(self.refusal, "code", None)
            self.add_error(code if code in self.fields else None, self.refusal)
        return cleaned


class TextForm(forms.Form):
    """The text of an article. A changed one is a new revision: it wants its kind and its note.

    `article` and `refusal` are set on the class or given; a new article has no text yet that could change.
    """

    body = forms.CharField(label=_("Text"), widget=BodyEditor, strip=False)
    kind = forms.ChoiceField(
        label=_("Kind of change"),
        choices=[choice for choice in Revision.Kind.choices if choice[0] != Revision.Kind.FIRST],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("When the text changed: a correction changes what was said, and readers are told."),
    )
    note = forms.CharField(
        label=_("Reason, or public note"),
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        required=False,
        help_text=_("Of a minor edit the reason; of a correction the note that readers see."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    #: The revision that the posted text was made from; None of a new article.
    base: Revision | None = None

    def begin(self, article: Article) -> None:
        """Starts from the revision that was being edited: the one whose number was posted, or the current."""
        number = self.data.get("based_on", "")
        named = article.revisions.filter(number=number).first() if number.isdecimal() else None
        self.base = named or article.current_revision
        self.initial |= {"body": self.base.html, "based_on": self.base.number}

    def take_over(self, theirs: Revision) -> None:
        """To save again, with their text before one's eyes, is to decide that this one replaces it."""
        self.data = self.data.copy()
        self.data["based_on"] = str(theirs.number)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.text_changed:
            for name in ("kind", "note"):
                if not cleaned.get(name):
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    @property
    def new_text(self) -> Document:
        """The text as it will be kept."""
        return document.parse(self.cleaned_data.get("body", ""))

    @property
    def text_changed(self) -> bool:
        """Whether there is a text that this one differs from, as both are written down."""
        return self.base is not None and document.write(self.new_text) != self.base.html


class RevertForm(forms.Form):
    """Why an earlier text comes back."""

    kind = forms.ChoiceField(
        label=_("Kind of change"),
        choices=TextForm.base_fields["kind"].choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Reason, or public note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Of a minor edit the reason; of a correction the note that readers see."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)


class ArticleForm(TextForm, DeedForm):
    """An article and its text."""

    class Meta:
        model = Article
        fields = (
            "headline", "standfirst", "byline", "publisher", "original_url", "date", "lang", "slug", "rights",
            "backstory",
        )  # fmt: skip
        widgets = {
            "standfirst": AdminTextareaWidget(attrs={"rows": 3}),
            "backstory": AdminTextareaWidget(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(ArticleForm.Meta.fields):
            # What this person did not touch is not a change, even if another changed it in between.
            self.fields[name].show_hidden_initial = self.instance.pk is not None
        if self.instance.pk is None:
            if "slug" in self.fields:
                self.fields["slug"].required = False
            return
        self.begin(self.instance)
        if isinstance(self.refusal, Outdated):
            self.take_over(self.refusal.revision)

    @property
    def wants_revision(self) -> bool:
        """Also with a note on a text that did not change: the deed says so, and the note is not lost."""
        return self.text_changed or bool(self.cleaned_data["kind"] or self.cleaned_data["note"])

    def around_the_text(self) -> dict[str, Any]:
        """What the article's own fields are to be; of one that exists, only those that were touched."""
        names = [name for name in ArticleForm.Meta.fields if name in self.cleaned_data]
        if self.base is not None:
            names = [name for name in names if name in self.changed_data]
        return {name: self.cleaned_data[name] for name in names}


class MoveForm(forms.Form):
    """Where an annotation is to stand: a place (`start-end`, code points), or words that stand once."""

    place = forms.RegexField(
        r"^\d{1,9}-\d{1,9}$", required=False, error_messages={"invalid": _("This is no place in the text.")}
    )
    #: The words as the person saw them there; the deed compares them with the text.
    exact = forms.CharField(required=False, strip=False)
    words = forms.CharField(label=_("The exact words"), required=False, strip=False)
    role = forms.ChoiceField(choices=Target.Role.choices, required=False)
    row_version = forms.IntegerField(min_value=1)
    based_on = forms.IntegerField(min_value=1)

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def clean_role(self) -> str:
        return str(self.cleaned_data["role"] or Target.Role.CONTENT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("place"):
            start, _dash, end = cleaned["place"].partition("-")
            cleaned["span"] = int(start), int(end)
        elif words := cleaned.get("words", "").strip():
            found = occurrences(self.text, words)
            if not found:
                self.add_error("words", _("These words do not stand in the text: copy them exactly."))
            elif len(found) > 1:
                self.add_error("words", _("These words stand in several places: choose one."))
            else:
                cleaned["span"] = found[0], found[0] + len(words)
        elif not self.errors:
            self.add_error("words", _("Choose a place, or write the words where it is to stand."))
        return cleaned


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    row_version = forms.IntegerField(min_value=1)


class LevelChoice(forms.ModelChoiceField):
    """Levels of the current scale, by their label in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=RatingLevel.objects.none(), **kwargs)

    def offer(self) -> None:
        self.ratings = Ratings.load()
        self.queryset = RatingLevel.objects.filter(scale__in=RatingScale.objects.current())

    def label_from_instance(self, level: RatingLevel) -> str:
        return self.ratings.of_level(level.pk).label


class AppearanceChoice(forms.ModelChoiceField):
    """Places where one claim stands, by their article and their words now."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Appearance.objects.none(), **kwargs)

    def offer(self, claim: Claim) -> None:
        words = Target.objects.filter(
            annotation=OuterRef("annotation"), revision=OuterRef("annotation__article__current_revision")
        ).order_by("role", "ordinal")
        self.queryset = (
            claim.appearances.filter(annotation__state=Annotation.State.ACCEPTED)
            .select_related("annotation__article")
            .annotate(words=Subquery(words.values("exact")[:1]))
        )

    def label_from_instance(self, appearance: Appearance) -> str:
        return f"{appearance.annotation.article}: «{Truncator(appearance.words).chars(90)}»"


class ReviewForm(DeedForm):
    """A proposal to review `claim`, which the admin sets on the class it makes of this."""

    claim: ClassVar[Claim]

    level = LevelChoice(label=_("Rating"), widget=forms.RadioSelect)
    appearance = AppearanceChoice(
        label=_("Where it stands"),
        required=False,
        help_text=_("The rating belongs to the words that stand there now."),
    )

    class Meta:
        model = Review
        fields = (
            "level", "judges", "appearance", "lang", "summary", "explanation", "facts_judged",
            "no_evidence_reason",
        )  # fmt: skip
        widgets = {
            "summary": CountedText(attrs={"rows": 3, "maxlength": SUMMARY_LENGTH}),
            "explanation": AdminTextareaWidget(attrs={"rows": 6}),
            "facts_judged": AdminTextareaWidget(attrs={"rows": 2}),
            "no_evidence_reason": AdminTextareaWidget(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].offer()
        self.fields["appearance"].offer(self.claim)
        self.initial.setdefault("lang", self.claim.lang)
        self.initial.setdefault("appearance", self.fields["appearance"].queryset.first())
