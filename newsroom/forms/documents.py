"""Forms of documents, of their copies, and of dossiers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from newsroom.formats import copies
from newsroom.formats.unreadable import Unreadable
from newsroom.models import Document

from .intake import TOO_LARGE, LabelsAbove, languages, too_large
from .sections import Section

#: A second document of one address: who adds it says so.
ALTHOUGH_KNOWN = _("Add it all the same: it is another part of that page, or that page on another day")


class DocumentForm(LabelsAbove, forms.ModelForm):
    """A document, new or as it was shown: whoever changed it since is noticed. The deed writes."""

    row_version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    original_find = forms.CharField(
        label=_("Its original"),
        required=False,
        help_text=_("Of a republication: the address of the document that it repeats, if it is here."),
    )
    although_known = forms.BooleanField(label=ALTHOUGH_KNOWN, required=False)

    class Meta:
        model = Document
        fields = (
            "url", "title", "publisher", "date", "lang", "kind", "rights", "date_note", "note",
        )  # fmt: skip
        widgets = {
            "url": forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
            "title": forms.Textarea(attrs={"rows": 2}),
            "kind": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["row_version"]
        else:
            self.fields["row_version"].required = True
            self.initial["row_version"] = self.instance.row_version
        self.fields["url"].assume_scheme = "https"
        self.fields["lang"].widget = forms.Select(choices=languages(self.instance.lang))
        self.fields["rights"].help_text = _(
            "A stored copy goes into a dossier if it is ours or licensed; else only its hash does."
        )
        original = self.instance.original if self.instance.pk else None
        if original is not None:
            self.initial["original_find"] = original.url or original.code
        if not self.is_bound:
            del self.fields["although_known"]
        #: The document of this address that is here already.
        self.known: Document | None = None

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_original_find(self) -> Document | None:
        """The original by its address or its code."""
        typed = self.cleaned_data["original_find"].strip()
        if not typed:
            return None
        found = (
            Document.objects.at_address(typed).first() or Document.objects.with_code(typed.lower()).first()
        )
        if found is None:
            raise ValidationError(_("No document of this address is here: add it first."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        original = cleaned.get("original_find")
        if original is not None and cleaned.get("kind") != Document.Kind.REPUBLICATION:
            self.add_error("original_find", _("Only a republication has an original."))
        if original is not None and original.pk == self.instance.pk:
            self.add_error("original_find", _("A document is not its own original."))
        return cleaned

    def _post_clean(self) -> None:
        """The row is left as it is: the deed makes its own, and says what is wrong with it."""

    def given(self) -> dict[str, Any]:
        """What was typed, without the version."""
        typed = {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}
        return typed | {"original": self.cleaned_data["original_find"]}


class CopyForm(LabelsAbove, forms.Form):
    """A copy that somebody has as a file. Once valid, `read` is what stands in it, `body` the file itself."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(copies.ACCEPTED)}),
    )

    body: bytes
    read: copies.Read

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = {"limit": filesizeformat(settings.UPLOAD_LIMIT)}
        self.fields["file"].help_text = (
            _("Text, Markdown, HTML, Word, PDF or a picture, up to %(limit)s.") % limit
        )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise ValidationError(too_large(), code=TOO_LARGE)
        self.body = file.read()
        try:
            self.read = copies.read_file(self.body, file.name)
        except Unreadable as reason:
            raise ValidationError(str(reason)) from None
        return file


class ShownReason(LabelsAbove, forms.Form):
    """Why a row is taken back, as it was shown."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    row_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DossierForm(Section, LabelsAbove, forms.Form):
    """The day at whose end the claim is told."""

    date = forms.DateField(
        label=_("As it stood on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="dossier", **kwargs)
