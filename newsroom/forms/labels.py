"""What the fields of a form are called, by the names that it sends: for whoever reads what was sent."""

from __future__ import annotations

from functools import cache

from django import forms
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise

from newsroom.models import Comment

from .documents import DossierForm
from .evidence import EvidenceForm, EvidenceItemForm
from .reviewing import (
    AccusationForm,
    AnswerForm,
    ApprovalForm,
    AssignmentForm,
    NoteForm,
    RatingForm,
    RequestForm,
    WordsForm,
)
from .sections import PAGE, UNTYPED

#: Forms that stand beside others, by the first word of their prefix.
PLACED: dict[str, tuple[type[forms.BaseForm], ...]] = {
    "accusation": (AccusationForm,),
    "answer": (AnswerForm,),
    "approve": (ApprovalForm,),
    "assign": (AssignmentForm,),
    "changes": (NoteForm,),
    "dossier": (DossierForm,),
    "evidence": (EvidenceForm, EvidenceItemForm),
    "hold": (WordsForm,),
    "rate": (RatingForm,),
    "request": (RequestForm,),
    "stale": (WordsForm,),
    "withdraw": (WordsForm,),
    "withdrawal": (WordsForm,),
}
#: Fields that a page sends for itself.
OWN = {PAGE, "amends", "find", "next", "shown"}


def is_typed(name: str) -> bool:
    """Whether a field is one that somebody writes or chooses in, not one of the page's own."""
    return name not in OWN and name.rpartition("-")[2] not in UNTYPED and not name.startswith("key-")


def label_of(name: str, model: str = "") -> str:
    """In the active language; `model` is that of a page of the admin. The name itself if nobody named it."""
    place, _dash, last = name.partition("-")
    if last:
        last = name.rpartition("-")[2]
        for form in PLACED.get(place, ()):
            if last in form.base_fields:
                return _capital(form.base_fields[last].label)
    if name == "body" or place == "body":
        return _capital(Comment._meta.verbose_name)
    if model:
        try:
            return _capital(apps.get_model("newsroom", model)._meta.get_field(name).verbose_name)
        except (FieldDoesNotExist, LookupError, AttributeError):
            return name
    return _capital(_everywhere().get(name)) or name


@cache
def _everywhere() -> dict[str, str | Promise]:
    """The labels of all forms of the desk; where two name a field otherwise, the first."""
    found: dict[str, str | Promise] = {}
    waiting = list(forms.BaseForm.__subclasses__())
    while waiting:
        form = waiting.pop(0)
        waiting += form.__subclasses__()
        if form.__module__.startswith("newsroom.forms"):
            for name, field in getattr(form, "base_fields", {}).items():
                if field.label:
                    found.setdefault(name, field.label)
    return found


def _capital(label: object) -> str:
    words = str(label or "")
    return words[:1].upper() + words[1:]
