"""What a guess is: spans of a text, how they were found, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Spans = tuple[tuple[int, int], ...]


class QuoteType(StrEnum):
    """How the content stands: wholly in quotation marks, wholly without, or partly."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Unspoken(StrEnum):
    """Why no words of the sentence name the source."""

    IMPLIED = "implied"  # «Ha aggiunto che»: the subject is known from what came before
    IMPERSONAL = "impersonal"  # «si dice che»
    PASSIVE = "passive"  # «è stato detto che», “it was reported that”
    UNNAMED = "unnamed"  # «la notizia che», “the claim that”


class Reason(StrEnum):
    """Why it was taken for an attribution. Codes, which stay as they are."""

    # what gave it away
    CLAUSE = "clause"
    BARE_CLAUSE = "bare-clause"
    QUESTION = "question"
    INFINITIVE = "infinitive"
    GERUND_CONTENT = "gerund-content"
    OBJECT = "object"
    NAMING = "naming"
    ACCUSATION = "accusation"
    ACT = "act"
    QUOTATION = "quotation"
    ASIDE = "aside"
    PREPOSITION = "preposition"
    NOUN = "noun"
    COLON = "colon"
    # how
    INVERTED = "inverted"
    RELATIVE = "relative"
    GERUND = "gerund"
    SHARED_SOURCE = "shared-source"
    CONTINUED = "continued"
    DISTANT = "distant"
    NEGATED = "negated"
    THOUGHT = "thought"
    DOCUMENT = "document"
    KNOWN_NAME = "known-name"
    NO_SOURCE = "no-source"
    DOUBTFUL_SOURCE = "doubtful-source"
    DOUBTFUL_CUE = "doubtful-cue"
    REFERENT = "referent"


@dataclass(frozen=True, slots=True)
class Guess:
    """Who says what, with which words. Spans are code points of the text, ascending, end exclusive.

    ``source`` is empty where the sentence does not name it, and ``unspoken`` then says why. ``referent``: the
    earlier words that name who an implied subject, a pronoun or «questo rapporto» probably stands for.
    ``parent`` is the index, in the list that the guess came in, of the attribution that this one stands in.
    """

    source: Spans
    cue: Spans
    content: Spans
    quote_type: QuoteType
    confidence: float
    reasons: tuple[Reason, ...]
    unspoken: Unspoken | None = None
    referent: Spans = ()
    parent: int | None = None

    @property
    def named(self) -> Spans:
        """The words that name the source: those that a pronoun stands for, if they were found."""
        return self.referent or self.source
