"""Who says what in a text, with which words: source, cue and content of each attribution (PARC 3.0)."""

from .english import ENGLISH
from .guesses import Guess, QuoteType, Reason, Unspoken
from .italian import ITALIAN
from .lexicon import Lexicon
from .passages import LEXICONS, attribution_at, attributions

__all__ = [
    "ENGLISH",
    "ITALIAN",
    "LEXICONS",
    "Guess",
    "Lexicon",
    "QuoteType",
    "Reason",
    "Unspoken",
    "attribution_at",
    "attributions",
]
