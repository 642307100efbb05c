"""Who says what in a text, with which words: source, cue and content of each attribution (PARC 3.0)."""

from newsroom.text.attribution.english import ENGLISH
from newsroom.text.attribution.guesses import Guess, QuoteType, Reason, Unspoken
from newsroom.text.attribution.guessing import LEXICONS, attribution_at, attributions
from newsroom.text.attribution.italian import ITALIAN
from newsroom.text.attribution.lexicon import Lexicon

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
