"""The form of a cue: its constructions are ticked, each with an example, and not spelt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.models import Cue

FRAMES = (
    ("that", _("a clause follows with its little word: «ha detto che», “said that”")),
    ("zero", _("a clause follows without one: “said the plan was dead”")),
    ("whether", _("an indirect question follows: «ha chiesto se»")),
    ("inf", _("an infinitive follows: «nega di aver», “promised to”")),
    ("ing", _("a gerund follows: “denied taking”")),
    ("quote", _("direct speech stands beside it")),
    ("object", _("what is said may be a thing: «ha annunciato un piano»")),
    ("as", _("somebody calls something something: «ha definito l'accordo “storico”»")),
    ("of", _("somebody is said to have done something: «accusa l'azienda di»")),
    ("about", _("only words in quotation marks follow: «parla di “resa”»")),
    ("tell", _("whom it is told comes first: “told reporters”")),
    ("data", _("said by studies and figures only: «lo studio mostra che»")),
    ("from", _("who says it stands before, behind a «da»: «dal rapporto emerge che»")),
    ("in", _("what is said is read in something: «si legge nella nota»")),
    ("act", _("the act is told and not the words: «ha lanciato l'allarme»")),
    ("self", _("said with a pronoun of its own: «si chiede se»")),
    ("weak", _("what somebody thinks or hopes")),
)


class CueForm(forms.ModelForm):
    frames = forms.MultipleChoiceField(
        label=_("Constructions"),
        choices=FRAMES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Cue._meta.get_field("frames").help_text,
    )

    class Meta:
        model = Cue
        fields = ("lang", "kind", "words", "frames", "example", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A row has them as words; boxes are ticked by a list.
        self.initial["frames"] = str(self.initial.get("frames") or "").split()

    def clean_frames(self) -> str:
        return " ".join(self.cleaned_data["frames"])
