"""The form of an item of evidence beside its claim: document, stance, words, how far somebody looked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from newsroom.models import Document, Evidence
from newsroom.text.addresses import is_address

from .documents import ALTHOUGH_KNOWN
from .intake import languages
from .sections import Section
from .tagging import CodeChoice


def _of_document(name: str, **given: Any) -> forms.Field:
    field = Document._meta.get_field(name).formfield(required=False, **given)
    field.label = str(field.label).capitalize() if not given.get("label") else field.label
    return field


def with_address(data: QueryDict) -> QueryDict:
    """A copy; its new document stands at the address that was looked for, if no other was written."""
    data = data.copy()
    looked_for = data.get("evidence-q", "").strip()
    if is_address(looked_for) and not (data.get("evidence-url") or data.get("evidence-document")):
        data["evidence-url"] = looked_for
    return data


class EvidenceItemForm(Section, forms.Form):
    """What is said of a document that is known: of one that stands among the evidence already."""

    stance = forms.ChoiceField(
        label=_("Stance"),
        choices=Evidence.Stance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it supports the claim, refutes it or gives context.")},
    )
    quotation = forms.CharField(
        label=_("Exact words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As they stand in the document, without quotation marks; […] for what is left out."),
    )
    checked = forms.ChoiceField(
        label=_("How far it was checked"), choices=Evidence.Checked.choices, initial=Evidence.Checked.KNOWN
    )
    note = forms.CharField(
        label=_("Note for the desk"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    #: Of an item that is changed: what it was when it was looked at.
    row_version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, item: Evidence, data: QueryDict | None = None) -> EvidenceItemForm:
        names = ("stance", "quotation", "checked", "note", "row_version")
        initial = {name: getattr(item, name) for name in names}
        return cls(data, initial=initial, prefix=f"evidence-{item.code}")

    def look_again(self, theirs: Evidence) -> None:
        """To save again, with theirs before one's eyes, is to decide that this replaces it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("row_version")] = str(theirs.row_version)

    def changed_from(self, item: Evidence) -> list[str]:
        """What is said otherwise than the item says it now."""
        return [name for name, value in self.said.items() if value != getattr(item, name)]

    @property
    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("stance", "quotation", "checked", "note")}


class EvidenceForm(EvidenceItemForm):
    """A further item: a document that is known, or a new one by its title.

    An address that was looked for (`q`) is that of the new document, if it has no other.
    """

    adds = True

    #: What was typed to find a document by.
    q = forms.CharField(label=_("Document: its words or its address"), required=False)
    document = CodeChoice(Document.objects.filter(withdrawn_at=None), label=_("Document"))
    title = _of_document("title")
    publisher = _of_document("publisher")
    url = _of_document("url", assume_scheme="https")
    date = _of_document("date")
    lang = forms.ChoiceField(label=_("Language"), required=False)
    document_kind = forms.ChoiceField(
        label=_("Kind"), choices=Document.Kind.choices, initial=Document.Kind.SECONDARY, required=False
    )
    although_known = forms.BooleanField(label=ALTHOUGH_KNOWN, required=False)

    def __init__(self, data: QueryDict | None = None, **given: Any) -> None:
        super().__init__(None if data is None else with_address(data), prefix="evidence", **given)
        usual = Document._meta.get_field("lang").default
        self.fields["lang"].choices, self.fields["lang"].initial = languages(usual), usual
        #: The document of this address that is here already.
        self.known: Document | None = None

    @classmethod
    def typed(cls, data: QueryDict) -> EvidenceForm:
        """What was typed, before anything is said to it."""
        form = cls()
        form.take(data)
        return form

    def take(self, data: QueryDict) -> None:
        super().take(with_address(data))

    @property
    def has_new(self) -> bool:
        """Whether something is in, or wrong with, the fields of a new document."""
        names = ("title", "publisher", "url", "date", "although_known")
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not {"document", "title"} & self.errors.keys() and not (
            cleaned.get("document") or cleaned.get("title")
        ):
            self.add_error("title", _("Choose a document, or write the title of a new one."))
        return cleaned

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_lang(self) -> str:
        return str(self.cleaned_data["lang"] or self.fields["lang"].initial)

    def clean_document_kind(self) -> str:
        return str(self.cleaned_data["document_kind"] or Document.Kind.SECONDARY)

    def offer(self, document: Document) -> None:
        """A document that is here already, chosen instead of the new one that was typed."""
        self.known = document
        self.data[self.add_prefix("document")] = document.code

    @property
    def new_document(self) -> dict[str, Any]:
        """What the new document is, if none was chosen."""
        names = ("title", "publisher", "url", "date", "lang", "although_known")
        fields = {name: self.cleaned_data[name] for name in names}
        return fields | {"kind": self.cleaned_data["document_kind"]}
