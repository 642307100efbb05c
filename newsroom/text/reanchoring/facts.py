"""The words that carry a fact: when one of them changes, the sentence says something else, however alike."""

from __future__ import annotations

from newsroom.text.reanchoring.tokens import CONTENT, Tokens, Vocabulary

NEGATIONS = frozenset(
    "non no né mai nessun nessuna nessuno niente nulla neanche nemmeno neppure senza privo priva "
    "not never none nobody nothing neither nor without cannot".split()
)
DATES = frozenset(
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica ieri oggi domani "
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow".split()
)
AMOUNTS = frozenset(
    "due tre quattro cinque sei sette otto nove dieci cento mille mila milione milioni miliardo miliardi "
    "metà terzo doppio triplo two three four five six seven eight nine ten hundred thousand million billion "
    "trillion half third twice % ‰ € $ £".split()
)
_TELLING = NEGATIONS | DATES | AMOUNTS


class Facts:
    """Which tokens of a text tell numbers, dates, negations and names."""

    def __init__(self, text: str, tokens: Tokens, vocabulary: Vocabulary) -> None:
        self._keys: list[int] = tokens.keys.tolist()
        words = [vocabulary.words[key] for key in self._keys]
        breaks = tokens.breaks.tolist()
        weights = tokens.weights.tolist()
        common = {word for word, start in zip(words, tokens.starts, strict=True) if text[start].islower()}
        self._tells = []
        for i, word in enumerate(words):
            initial = text[tokens.starts[i]]
            self._tells.append(
                word in _TELLING
                or any(map(str.isdigit, word))
                or (initial.isupper() and weights[i] >= CONTENT and (not breaks[i] or word not in common))
                or (word == "t" and i > 1 and words[i - 1] == "'" and words[i - 2].endswith("n"))
                or self._is_in_number(tokens, words, i)
            )

    def between(self, first: int, last: int) -> list[int]:
        """The telling words of tokens ``first`` to ``last - 1``, in order, as the vocabulary's numbers."""
        return [self._keys[i] for i in range(first, last) if self._tells[i]]

    @staticmethod
    def _is_in_number(tokens: Tokens, words: list[str], i: int) -> bool:
        """The comma of 3,5 and the sign of -3."""
        return (
            words[i] in (",", ".", "-", "+", "'")
            and i + 1 < len(words)
            and tokens.ends[i] == tokens.starts[i + 1]
            and words[i + 1][0].isdigit()
        )
