"""Cues: words by which somebody says something, added to those that every newsroom begins with."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.text.attribution import LEXICONS, Lexicon, attributions
from newsroom.text.attribution.lexicon import FRAMES

from .identity import Identified, IdentifiedQuerySet
from .versioned import Versioned

_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*'?"
_ROW = re.compile(rf"{_WORD}(?:/{_WORD})*(?: {_WORD}(?:/{_WORD})*)*")
#: Small words of a phrase, to which their articles may be grown: «a detta di», «della», «dell'».
_WITH_ARTICLES = {
    "it": {"di": "DI", "a": "A", "da": "DA", "in": "IN"},
    "en": {"of": "OF", "by": "BY"},
}


def validate_frames(names: str) -> None:
    """What else stands there would be no word of the lexicon."""
    if not set(names.split()) <= FRAMES:
        raise ValidationError(_("These are no constructions of a cue."))


class CueQuerySet(IdentifiedQuerySet):
    def active(self) -> Self:
        return self.filter(active=True)


class Cue(Versioned, Identified):
    """A row of a lexicon of attributions (`text/attribution/lexicon.py`), in the newsroom's own words."""

    class Kind(models.TextChoices):
        VERB = "verb", _("verb")
        NOUN = "noun", _("noun")
        PREPOSITION = "preposition", _("preposition")

    class Lang(models.TextChoices):
        ITALIAN = "it", _("Italian")
        ENGLISH = "en", _("English")

    lang = models.CharField(_("language"), max_length=2, choices=Lang, default=Lang.ITALIAN)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    words = models.CharField(
        _("words"),
        max_length=120,
        help_text=_(
            "A verb in its infinitive, with what must follow it: “berciare”, “rendere noto/nota”. "
            "A noun in its forms: “indiscrezione/indiscrezioni”. "
            "A preposition as it stands before who speaks: “a parere di”."
        ),
    )
    frames = models.CharField(
        _("constructions"),
        max_length=120,
        blank=True,
        validators=[validate_frames],
        help_text=_("None: the usual ones of a verb or noun. A preposition has none."),
    )
    example = models.CharField(
        _("example"),
        max_length=300,
        blank=True,
        help_text=_(
            "A sentence with it. It is read when you save, and the cue is refused if it finds nothing there."
        ),
    )
    active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("A cue that finds the wrong things is put to rest, not deleted."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="cues", verbose_name=_("last changed by")
    )
    at = models.DateTimeField(_("last changed at"))

    objects = CueQuerySet.as_manager()

    class Meta:
        verbose_name = _("attribution cue")
        verbose_name_plural = _("attribution cues")
        ordering = ("lang", "kind", "words")
        constraints = (
            models.UniqueConstraint(
                name="cue_once",
                fields=("lang", "kind", "words"),
                violation_error_message=_("This cue is here already."),
            ),
            models.CheckConstraint(name="cue_lang_known", condition=Q(lang__in=["it", "en"])),
            models.CheckConstraint(
                name="cue_kind_known", condition=Q(kind__in=["verb", "noun", "preposition"])
            ),
            models.CheckConstraint(name="cue_has_words", condition=~Q(words="")),
        )

    def __str__(self) -> str:
        return f"{self.words} ({self.get_kind_display()})"

    @property
    def row(self) -> str:
        """As a lexicon takes it."""
        if self.kind == self.Kind.PREPOSITION:
            first, *others = self.words.split()
            known = _WITH_ARTICLES.get(self.lang, {})
            return " ".join([first, *(known.get(word, word) for word in others)])
        return f"{self.words}: {self.frames}" if self.frames else self.words

    def added_to(self, lexicon: Lexicon) -> Lexicon:
        """ValueError if it is none of the language: its words can be written over by an erasure."""
        match self.kind:
            case self.Kind.VERB:
                return lexicon.extended(verbs=[self.row])
            case self.Kind.NOUN:
                return lexicon.extended(nouns=[self.row])
            case _:
                if not self.words.split():
                    raise ValueError("a preposition needs a word")
                return lexicon.extended(prepositions=[self.row])

    def clean_fields(self, exclude: Any = None) -> None:
        self.words = " ".join(unicodedata.normalize("NFC", self.words).replace("’", "'").lower().split())
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        lexicon = LEXICONS.get(self.lang)
        if lexicon is None or self.kind not in self.Kind.values or not self.words:
            return  # said of the field already
        if problem := self._problem(lexicon):
            raise ValidationError({"words": problem})
        if self.kind == self.Kind.PREPOSITION and self.frames:
            raise ValidationError({"frames": _("A preposition has no constructions to choose.")})
        with_it = self.added_to(lexicon)
        if self.is_known_to(lexicon, with_it):
            raise ValidationError({"words": _("This is known without being added.")})
        if self.example and not self.finds_more(self.example):
            raise ValidationError({"example": _("Nothing is found in this sentence by the cue.")})

    def _problem(self, lexicon: Lexicon) -> Any:
        if not _ROW.fullmatch(self.words):
            return _("Write words alone: letters, an apostrophe, and a stroke between forms.")
        first, *others = self.words.split()
        small = any(form in lexicon.grammar.classes for form in first.split("/"))
        alone = small and not others and first not in lexicon.prepositions
        match self.kind:
            case self.Kind.VERB if "/" in first or not lexicon.grammar.conjugate(first):
                return _("A verb is written in its infinitive first: “berciare”, “bark”.")
            case self.Kind.NOUN if others:
                return _("A noun is one word; its forms are parted by a stroke.")
            case self.Kind.PREPOSITION if "/" in self.words:
                return _("A preposition is written as it stands in the text, with no stroke.")
            case self.Kind.NOUN | self.Kind.PREPOSITION if alone:
                return _("This small word stands in too many sentences to be a cue by itself.")
        return None

    def is_known_to(self, lexicon: Lexicon, with_it: Lexicon) -> bool:
        """Whether it says nothing that the lexicon does not say without it."""
        if self.kind == self.Kind.PREPOSITION:
            return with_it.prepositions == lexicon.prepositions
        for form, cues in with_it.forms.items():
            before = lexicon.forms.get(form, ())
            if len(cues) > len(before):
                added = cues[-1]
                if not any(
                    (one.mark, one.tail) == (added.mark, added.tail) and added.frames <= one.frames
                    for one in before
                ):
                    return False
        return True

    def finds_more(self, text: str) -> bool:
        """Whether somebody is read to say something because of it."""
        lexicon = LEXICONS[self.lang]
        found = attributions(text, lang=self.lang, lexicon=self.added_to(lexicon))
        return found != attributions(text, lang=self.lang, lexicon=lexicon)
