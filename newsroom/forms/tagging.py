"""Forms of tags: the words, what they are, and where else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from newsroom.actions.annotations import Place
from newsroom.models import Attribution, Claim, Entity, Mention, Revision, Source, Target
from newsroom.text.selectors import occurrences

#: A place as a form sends it: start and end, code points.
_PLACE = r"^(\d{1,9})-(\d{1,9})$"


class PlaceForm(forms.Form):
    """Words of a revision, and where they stand if that is known (code points).

    Without JavaScript a person writes the exact words, and chooses one of their `places` if there are
    several. A selection comes with its start and end; words that were shortened since are looked for in it.
    """

    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    start = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Words"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.RegexField(
        _PLACE, required=False, error_messages={"invalid": _("This is no place in the text.")}
    )

    def __init__(self, *args: Any, revision: Revision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.revision = revision
        #: Where the words stand, if that is for a person to choose.
        self.places: list[tuple[int, int]] = []

    def clean_words(self) -> str:
        return unicodedata.normalize("NFC", self.cleaned_data["words"].replace("\r\n", "\n")).strip()

    def clean_place(self) -> tuple[int, int] | None:
        return span_of(self.cleaned_data["place"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not {"words", "place", "start", "end"} & self.errors.keys():
            cleaned["where"] = self._where(cleaned)
        return cleaned

    def _where(self, cleaned: dict[str, Any]) -> Place | None:
        words, chosen = cleaned["words"], cleaned["place"]
        if not words and chosen:
            words = self.revision.text[slice(*chosen)]
        if not words:
            self.add_error("words", _("Select some words first, or write them as they stand in the text."))
            return None
        start, end = cleaned.get("start"), cleaned.get("end")
        selected = None if start is None or end is None else (start, end)
        for span in filter(None, (chosen, selected)):
            if self.revision.text[slice(*span)] == words:
                return Place(span[0], span[1], words)
        found = [(start, start + len(words)) for start in occurrences(self.revision.text, words)]
        if selected:
            first, last = selected
            found = [span for span in found if first <= span[0] and span[1] <= last] or found
        if len(found) == 1:
            return Place(*found[0], words)
        self.places = found
        message = (
            _("These words stand in several places: choose one.")
            if found
            else _("These words do not stand in the text: copy them exactly.")
        )
        self.add_error("words", message)
        return None


class MoveForm(PlaceForm):
    """Where one part of an annotation is to stand: its role, and which of that role."""

    part = forms.RegexField(rf"^({'|'.join(Target.Role.values)})-\d{{1,4}}$")
    row_version = forms.IntegerField(min_value=1)

    def _where(self, cleaned: dict[str, Any]) -> Place | None:
        words, chosen = cleaned["words"], cleaned["place"]
        if words and chosen and self.revision.text[slice(*chosen)] != words:
            self.add_error("words", _("You chose one place and wrote other words: leave one of them."))
            return None
        where = super()._where(cleaned)
        if where is None or "part" not in cleaned:
            return None
        role, _dash, ordinal = cleaned["part"].partition("-")
        return replace(where, role=role, ordinal=int(ordinal))


class CodeChoice(forms.CharField):
    """A row by its public code; what is cleaned is the row, or None."""

    widget = forms.RadioSelect

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)
        self.queryset = queryset

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        found = self.queryset.all().with_code(code).first()
        if found is None:
            raise forms.ValidationError(_("This is not there any more: choose again."))
        return found


class CodesChoice(forms.Field):
    """Rows by their public codes, in the order in which they were ticked; a code of nothing is refused."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, queryset: QuerySet, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.queryset = queryset

    def clean(self, value: Any) -> list[Any]:
        found = [self.queryset.all().with_code(code).first() for code in (value or [])[:50]]
        if None in found:
            raise forms.ValidationError(_("This is not there any more: choose again."))
        return found


class TagForm(PlaceForm):
    """What words are. `row_version` is that of the annotation that is changed; a new one has none."""

    kind: str
    row_version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    #: Further spans of the same tag, `start-end` parted by blanks.
    more = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        where = cleaned.get("where")
        cleaned["places"] = [where, *self._more(where)] if where else []
        return cleaned

    def _more(self, where: Place) -> Iterable[Place]:
        text = self.revision.text
        for span in filter(None, map(span_of, self.cleaned_data.get("more", "").split())):
            if span[0] < span[1] <= len(text) and not (span[0] < where.end and where.start < span[1]):
                yield Place(*span, text[slice(*span)])


class ClaimTagForm(TagForm):
    """A claim that is known, or a new one in its canonical wording. It never asks for a rating."""

    kind = "claim"
    claim = CodeChoice(Claim.objects.filter(withdrawn_at=None), label=_("Claim"))
    text = forms.CharField(
        label=_("Canonical wording"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A whole sentence that can be checked by itself."),
    )
    claim_kind = forms.ChoiceField(
        label=_("Kind"), choices=Claim.Kind.choices, initial=Claim.Kind.FACT, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "claim" not in self.errors and not cleaned.get("claim") and not cleaned.get("text"):
            self.add_error("text", _("Choose a claim, or write a new one."))
        return cleaned

    def clean_claim_kind(self) -> str:
        return str(self.cleaned_data["claim_kind"] or Claim.Kind.FACT)


class MentionTagForm(TagForm):
    """What the words name: something known, or something new. `also` are further places of the same words."""

    kind = "mention"
    entity = CodesChoice(Entity.objects.standing(), label=_("Entity"))
    name = forms.CharField(label=_("Name"), required=False, max_length=300)
    entity_kind = forms.ChoiceField(
        label=_("Kind"), choices=Entity.Kind.choices, initial=Entity.Kind.PERSON, required=False
    )
    description = forms.CharField(label=_("In a few words"), required=False, max_length=300)
    wikidata = forms.RegexField(
        r"^Q[1-9]\d{0,11}$",
        label=_("Wikidata"),
        required=False,
        error_messages={"invalid": _("Write it as Q42.")},
    )
    form = forms.ChoiceField(
        label=_("How"), choices=Mention.Form.choices, initial=Mention.Form.NAME, required=False
    )
    remember = forms.BooleanField(label=_("Remember these words as a name of it"), required=False)
    also = forms.Field(required=False, widget=forms.CheckboxSelectMultiple)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "entity" not in self.errors and not cleaned.get("entity") and not cleaned.get("name"):
            self.add_error("name", _("Choose what it names, or write its name."))
        cleaned["also"] = list(self._also(cleaned.get("also") or [], cleaned.get("where")))
        return cleaned

    def clean_form(self) -> str:
        return str(self.cleaned_data["form"] or Mention.Form.NAME)

    def clean_entity_kind(self) -> str:
        return str(self.cleaned_data["entity_kind"] or Entity.Kind.PERSON)

    def _also(self, given: Iterable[str], where: Place | None) -> Iterable[Place]:
        """The further places that were ticked, if the same words stand there."""
        for span in filter(None, map(span_of, given)):
            if where and span != (where.start, where.end) and self.revision.text[slice(*span)] == where.exact:
                yield Place(*span, where.exact)


class AttributionTagForm(TagForm):
    """Who says the words. Source and cue are words of the text as well, with their places if known."""

    kind = "attribution"
    source_words = forms.CharField(label=_("Words that name the source"), required=False)
    source_place = forms.RegexField(_PLACE, required=False, widget=forms.HiddenInput)
    cue_words = forms.CharField(label=_("Words that say that it was said"), required=False)
    cue_place = forms.RegexField(_PLACE, required=False, widget=forms.HiddenInput)
    quote_type = forms.ChoiceField(
        label=_("Quotation"),
        choices=Attribution.QuoteType.choices,
        initial=Attribution.QuoteType.INDIRECT,
        widget=forms.RadioSelect,
    )
    source = CodeChoice(Source.objects.filter(withdrawn_at=None), label=_("Source"))
    name = forms.CharField(label=_("Public name"), required=False, max_length=300)
    source_kind = forms.ChoiceField(
        label=_("Kind"), choices=Source.Kind.choices, initial=Source.Kind.PERSON, required=False
    )
    anonymity_reason = forms.CharField(label=_("Reason for anonymity"), required=False, max_length=300)
    claim = CodeChoice(Claim.objects.filter(withdrawn_at=None), label=_("Claim"))
    parent = CodeChoice(Attribution.objects.all(), label=_("Reported by"))

    def clean_source_kind(self) -> str:
        return str(self.cleaned_data["source_kind"] or Source.Kind.PERSON)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = cleaned.get("source") or cleaned.get("name") or cleaned.get("anonymity_reason")
        if "source" not in self.errors and not said:
            self.add_error("name", _("Name the source, or say why it stays anonymous."))
        if where := cleaned.get("where"):
            cleaned["places"] += self._part(Target.Role.SOURCE, where)
            cleaned["places"] += self._part(Target.Role.CUE, where)
        return cleaned

    def _part(self, role: str, where: Place) -> Iterable[Place]:
        """The words of a role where they were shown to stand, else nearest to the content."""
        name, text = f"{role}_words", self.revision.text
        words = unicodedata.normalize("NFC", self.cleaned_data.get(name, "")).strip()
        if not words:
            return
        span = span_of(self.cleaned_data.get(f"{role}_place", ""))
        if span is None or text[slice(*span)] != words:
            starts = occurrences(text, words)
            if not starts:
                self.add_error(name, _("These words do not stand in the text: copy them exactly."))
                return
            nearest = min(starts, key=lambda start: abs(start - where.start))
            span = nearest, nearest + len(words)
        yield Place(*span, words, role)


def span_of(value: str | None) -> tuple[int, int] | None:
    """The start and end that `start-end` names; None if it is none."""
    first, dash, last = (value or "").partition("-")
    return (int(first), int(last)) if dash and first.isdecimal() and last.isdecimal() else None
