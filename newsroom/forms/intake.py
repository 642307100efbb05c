"""Forms of what a reporter brings, and of the draft that was read from it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms
from django.conf import global_settings, settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from newsroom.formats import html_page, incoming, pictures
from newsroom.formats.draft import DECLARED, GUESSED, Draft
from newsroom.formats.unreadable import Empty, Unreadable
from newsroom.models import Article, Original
from newsroom.text import document
from newsroom.text.folding import fold

#: The code of a refusal whose answer is 413.
TOO_LARGE = "too_large"


class LabelsAbove:
    """Labels stand above their fields, where a colon has nothing to part."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))


class _Pasted(forms.Textarea):
    """Shows again what was pasted, without what no page may hold."""

    def format_value(self, value: Any) -> str | None:
        shown = super().format_value(value)
        return shown if shown is None else str(shown).replace("\0", "")


class PasteForm(LabelsAbove, forms.Form):
    """A text as it was copied. Once valid, `draft` is what it was read into."""

    text = forms.CharField(label=_("Text"), strip=False, widget=_Pasted(attrs={"rows": 12}))
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


class FileForm(LabelsAbove, forms.Form):
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


class AddressForm(LabelsAbove, forms.Form):
    """Where an article stands on the web. Whether it may be fetched from there is asked by the view."""

    address = forms.URLField(
        label=_("Address"),
        max_length=1000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )


class DraftForm(LabelsAbove, forms.ModelForm):
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
    named = _named_languages(get_language())
    others = [(besides, besides)] if besides and all(besides != tag for tag, _name in named) else []
    return [*others, *named]


@cache
def _named_languages(_active: str | None) -> tuple[tuple[str, str], ...]:
    """Kept, for a page may offer a hundred of them more than once."""
    tags = {tag for tag, _name in global_settings.LANGUAGES}
    named = ((tag, get_language_info(tag)["name_translated"]) for tag in tags)
    return tuple(sorted(named, key=lambda pair: fold(pair[1])))


def too_large() -> str:
    return _("The file is larger than %(limit)s.") % {"limit": filesizeformat(settings.UPLOAD_LIMIT)}
