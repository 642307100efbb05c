"""Forms of what is taken out of the desk, and brought into it, as files with tags."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from newsroom.formats.exchanges import FORMATS, NOTES, Exchange, outgoing, readable
from newsroom.models import Article, Rights, User

from .intake import TOO_LARGE, LabelsAbove, languages, too_large

#: Articles that can be chosen one by one: their addresses stand in the address of the page.
MOST_CHOSEN = 100
READERS, DESK = "readers", "desk"


def _what_each_is_for() -> str:
    """A link to the list of formats, which stands on the page of the form."""
    return format_html('<a href="#formats">{}</a>', _("What each is for"))


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ChosenArticles(forms.Field):
    """Articles by their slugs, as other pages lead here with them."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[Article]:
        slugs = list(dict.fromkeys(value or []))
        if len(slugs) > MOST_CHOSEN:
            words = _("Choose %(limit)s articles at most, or none: then language and days choose.")
            raise ValidationError(words, params={"limit": MOST_CHOSEN})
        for slug in slugs:
            validate_slug(slug)
        found = list(Article.objects.filter(slug__in=slugs).order_by("pk")) if slugs else []
        if len(found) != len(slugs):
            raise ValidationError(_("An article that was chosen is not there any more."))
        return found


class ExportForm(LabelsAbove, forms.Form):
    """Which articles, in which format; `by` chooses what the desk sees too, if they may take that out."""

    article = ChosenArticles(required=False)
    format = forms.ChoiceField(label=_("Format"))
    lang = forms.ChoiceField(label=_("Language"), required=False)
    since = forms.DateField(label=_("Published from"), required=False, widget=_day())
    until = forms.DateField(label=_("Published until"), required=False, widget=_day())
    seen_by = forms.ChoiceField(
        label=_("What leaves"),
        required=False,
        initial=READERS,
        widget=forms.RadioSelect,
        choices=[
            (READERS, _("what readers see")),
            (DESK, _("what the desk sees: drafts, notes and whole texts too")),
        ],
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [(exchange.key, exchange.label) for exchange in outgoing()]
        self.fields["format"].help_text = _what_each_is_for()
        langs = Article.objects.order_by("lang").values_list("lang", flat=True).distinct()
        names = dict(languages(""))
        self.fields["lang"].choices = [
            ("", _("All languages")),
            *((lang, names.get(lang, lang)) for lang in langs),
        ]
        if not by.has_perm("newsroom.export_article"):
            del self.fields["seen_by"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", _("It lies before the first day."))
        return cleaned

    @property
    def exchange(self) -> Exchange:
        return FORMATS[self.cleaned_data["format"]]

    @property
    def for_the_desk(self) -> bool:
        return self.cleaned_data.get("seen_by") == DESK

    def articles(self, *, at: datetime) -> QuerySet[Article]:
        """Those that leave, in the order in which they came here."""
        chosen = self.cleaned_data
        found = Article.objects.filter(current_revision__isnull=False).order_by("pk")
        if not self.for_the_desk:
            found = found.published(at=at)
        if chosen["article"]:
            found = found.filter(pk__in=[article.pk for article in chosen["article"]])
        if chosen["lang"]:
            found = found.filter(lang=chosen["lang"])
        if chosen["since"]:
            found = found.filter(published_at__date__gte=chosen["since"])
        if chosen["until"]:
            found = found.filter(published_at__date__lte=chosen["until"])
        return found


class HowReadForm(LabelsAbove, forms.Form):
    """As which format a file is read, and with which rights its articles come."""

    exchange = forms.ChoiceField(label=_("Format"), required=False)
    rights = forms.ChoiceField(label=_("Rights"), choices=Rights.choices, initial=Rights.QUOTATION)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(exchange.key, exchange.label) for exchange in readable() if exchange.key not in NOTES]
        notes = [(exchange.key, exchange.label) for exchange in NOTES.values()]
        self.fields["exchange"].choices = [
            ("", _("guessed from the file")),
            (_("Articles"), known),
            (_("Notes on articles that are here"), notes),
        ]
        self.fields["exchange"].help_text = _what_each_is_for()
        self.fields["rights"].help_text = _(
            "Of articles: readers see the whole text if it is ours or licensed, else the tagged words in "
            "their sentences."
        )


class ImportForm(HowReadForm):
    """A file of texts with their tags. Once valid, `body` is the file itself."""

    file = forms.FileField(label=_("File"), max_length=255)

    field_order = ("file", "exchange", "rights")
    body: bytes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = sorted({exchange.ending for exchange in readable()})
        limit = {"limit": filesizeformat(settings.UPLOAD_LIMIT), "endings": ", ".join(endings)}
        self.fields["file"].help_text = (
            _("Up to %(limit)s: %(endings)s; or a zip as it was taken out here.") % limit
        )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise ValidationError(too_large(), code=TOO_LARGE)
        self.body = file.read()
        return file
