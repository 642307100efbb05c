"""A text's sentences, each with its score and its signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsroom.text.attribution import Guess, attributions
from newsroom.text.check_worthiness.learned import SentenceModel
from newsroom.text.check_worthiness.signs import Sign, signs
from newsroom.text.sentences import sentences


@dataclass(frozen=True, slots=True)
class Worth:
    """A sentence, `text[start:end]` in code points, its score between 0 and 1, and the signs that made it.

    `opinion` is how likely the sentence is one (0 to 1): by a model if one was given, else by the signs.
    """

    start: int
    end: int
    score: float
    signs: tuple[Sign, ...]
    opinion: float

    @property
    def is_opinion(self) -> bool:
        return Sign.OPINION in self.signs

    @property
    def is_question(self) -> bool:
        return Sign.QUESTION in self.signs

    @property
    def is_prediction(self) -> bool:
        return Sign.PREDICTION in self.signs


#: A sentence that gives no sign at all, and what each sign adds to it.
_NOTHING = 0.25
_WEIGHTS = {
    Sign.FIGURE: 0.2,
    Sign.COMPARISON: 0.1,
    Sign.DATE: 0.05,
    Sign.NAMED_ACTOR: 0.1,
    Sign.ACT: 0.2,
    Sign.CAUSE: 0.1,
    Sign.SUPERLATIVE: 0.1,
    Sign.REPORTED: 0.2,
    Sign.OPINION: -0.25,
    Sign.QUESTION: -0.3,
    Sign.PREDICTION: -0.1,
    Sign.FRAGMENT: -0.2,
}
#: From here on a model calls a sentence worth a check, or an opinion.
_HALF = 0.5


def check_worthiness(
    text: str,
    *,
    lang: str = "it",
    names: Iterable[str] = (),
    reported: Iterable[Guess] | None = None,
    worth: SentenceModel | None = None,
    opinions: SentenceModel | None = None,
) -> list[Worth]:
    """Every sentence of a text with its score, in order of the text.

    `names` are known sources and entities; `reported` are the attributions of the text if they are known
    already, else they are looked for. `worth` and `opinions` are what the newsroom's own tags taught. In a
    language without rules a sentence has the signs that need no words: figures, names, questions.
    """
    known = [name for name in names if name]
    guesses = attributions(text, lang=lang, names=known) if reported is None else list(reported)
    spans = sorted(span for guess in guesses if guess.content for span in (*guess.cue, *guess.content[:1]))
    found: list[Worth] = []
    at = 0
    for start, end in sentences(text, lang):
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        is_reported = at < len(spans) and any(a < end and start < b for a, b in spans[at : at + 8])
        found.append(_judged(text[start:end], start, lang, known, is_reported, worth, opinions))
    return found


def _judged(
    sentence: str,
    start: int,
    lang: str,
    names: list[str],
    reported: bool,
    worth: SentenceModel | None,
    opinions: SentenceModel | None,
) -> Worth:
    found = signs(sentence, lang=lang, names=names, reported=reported)
    opinion = 0.75 if Sign.OPINION in found else 0.25
    if opinions is not None and opinions.reads(lang):
        opinion = opinions.probability(sentence)
        found = [sign for sign in found if sign is not Sign.OPINION]
        if opinion >= _HALF:
            found.append(Sign.OPINION)
    score = min(1.0, max(0.0, _NOTHING + sum(_WEIGHTS[sign] for sign in found)))
    if worth is not None and worth.reads(lang):
        score = (score + worth.probability(sentence)) / 2
        found.append(Sign.LEARNED)
    ordered = tuple(sign for sign in Sign if sign in found)
    return Worth(start, start + len(sentence), round(score, 3), ordered, round(opinion, 3))
