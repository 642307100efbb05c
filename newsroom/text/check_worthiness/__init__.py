"""Which sentences of a text are worth a check, how much, and why.

A rule sees signs: a figure, a comparison, a date, who did what. Each adds what it is worth; a question, an
opinion and a prediction take from it and are marked as such, because they are not checked like a fact. What
is learned from a newsroom's own tags (`learned.py`) is asked beside the rules, not before them:
signs stay the reasons of a score, and a fresh newsroom has nothing else.

The figures are set by hand. They put sentences in order and are no probabilities.
"""

from .learned import OPINION, WORTH, SentenceModel, UnusableModel, learned
from .scoring import Worth, check_worthiness
from .signs import Sign, signs

__all__ = [
    "OPINION",
    "WORTH",
    "SentenceModel",
    "Sign",
    "UnusableModel",
    "Worth",
    "check_worthiness",
    "learned",
    "signs",
]
