"""What a newsroom's own tags teach about sentences: is it an opinion, is it worth a check?

A sentence becomes a row of three groups: pieces of its words (two to five characters), its build (small words
as they are, of the others the ending or the case), and its signs and manners. Each of the first two is
weighed by how rare its parts are and has the same length, so a long sentence does not count for more. Parts
have no table of names: they are hashed into columns. The signs add most beside the pieces of words.

A logistic regression in numpy learns from the rows. It is trained in seconds on some thousand sentences, and
says with which probability a sentence is like those that were taken.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from newsroom.text.check_worthiness.signs import Sign, signs
from newsroom.text.logistic import Floats, Rows, fitted, sigmoid
from newsroom.text.model_files import UnusableModel, opened, sealed

__all__ = ["OPINION", "WORTH", "SentenceModel", "UnusableModel", "learned"]

#: What a model of sentences may be asked.
OPINION, WORTH = "opinion", "worth"
KINDS = (OPINION, WORTH)
#: Changes with the rows and with the layout of the file.
VERSION = 1
_KIND = "sentences"
_WIDTH = 1 << 18
#: A part that one sentence alone has teaches nothing about another.
_SEEN = 2
#: More of a sentence is not read: it is layout.
_LONGEST = 2_000
_STRENGTH = 1.0
#: What hardly varies is not blown up.
_HARDLY = 0.02

_PIECE = re.compile(r"\S+")
_TOKEN = re.compile(r"\w+|[^\w\s]")


def _word(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


#: Marks and words of how somebody writes, in Italian and English.
_MANNERS = (
    re.compile(r"\?"),
    re.compile(r"!"),
    re.compile(r"…|\.\.\."),
    re.compile(r"[«»“”\"]"),
    re.compile(r"^[«“\"‘].*[»”\"’]\W?$"),
    re.compile(r"[;:]"),
    re.compile(r"\("),
    re.compile(r"[–—]"),
    _word("io|noi|mi|ci|me|nostr[aoie]|mi[aoe]|miei|i|we|us|our|my"),
    _word("tu|voi|ti|vi|tuo|tua|vostr[aoie]|you|your"),
    _word(r"\w+(?:issim[aoie]|os[aoie]|ism[oi]|ful|less|ous)"),
    _word(r"\w{3,}(?:mente|ly)"),
    _word(r"non|nessun\w*|mai|niente|nulla|not|no|never|nothing|\w+n['’]t"),
    re.compile(r"^(?:ma|e|eppure|però|insomma|perché|certo|anzi|but|and|yet|so|of course|perhaps)\b", re.I),
    _word(r"dovre\w+|bisogna|occorre|dev[eo]|devono|forse|magari|should|must|ought|perhaps|maybe|seems?"),
    _word("così|tanto|troppo|davvero|proprio|solo|so|such|too|really|just|even|only"),
)
_CAPITAL = re.compile(r"(?<=\w )[A-ZÀ-Þ]")


@dataclass(frozen=True)
class SentenceModel:
    """What was learned, ready to read by as many threads as there are."""

    kind: str
    lang: str
    bias: float
    weights: Floats = field(repr=False)
    rarity: Floats = field(repr=False)

    def reads(self, lang: str) -> bool:
        """Whether it was taught in this language."""
        return lang.partition("-")[0].lower() == self.lang

    def probability(self, sentence: str) -> float:
        """Between 0 and 1; from one half on, the sentence is what was asked for."""
        columns, values = _row(sentence, self.lang, self.rarity)
        return float(sigmoid(np.array([values @ self.weights[columns] + self.bias]))[0])

    def to_bytes(self) -> bytes:
        used = np.flatnonzero(self.rarity)
        head = json.dumps({"kind": self.kind, "lang": self.lang, "bias": self.bias}).encode()
        arrays = [used.astype("<u4"), self.weights[used].astype("<f4"), self.rarity[used].astype("<f4")]
        content = zlib.compress(b"".join(array.tobytes() for array in arrays), 6)
        return sealed(_KIND, VERSION, len(head).to_bytes(4, "big") + head + content)

    @classmethod
    def from_bytes(cls, file: bytes) -> SentenceModel:
        """UnusableModel where `file` is not a whole model of this version."""
        content = opened(_KIND, VERSION, file)
        try:
            end = 4 + int.from_bytes(content[:4], "big")
            head = json.loads(content[4:end])
            unpacker = zlib.decompressobj()
            numbers = unpacker.decompress(content[end:], 12 * _WIDTH)
            if len(numbers) % 12 or not unpacker.eof or head["kind"] not in KINDS:
                raise ValueError("no model of sentences")
            count = len(numbers) // 12
            used = np.frombuffer(numbers, "<u4", count)
            weights, rarity = np.zeros(_WIDTH), np.zeros(_WIDTH)
            weights[used] = np.frombuffer(numbers, "<f4", count, 4 * count)
            rarity[used] = np.frombuffer(numbers, "<f4", count, 8 * count)
            bias = float(head["bias"])
            if not (np.isfinite(weights).all() and np.isfinite(rarity).all() and np.isfinite(bias)):
                raise ValueError("no figures")
            return cls(head["kind"], str(head["lang"]), bias, weights, rarity)
        except (zlib.error, ValueError, KeyError, TypeError, IndexError) as error:
            raise UnusableModel("The model is damaged: it cannot be read.") from error


def learned(examples: Iterable[tuple[str, bool]], *, kind: str, lang: str = "it") -> SentenceModel:
    """A model from sentences, each with whether it is what `kind` (`OPINION`, `WORTH`) asks for.

    The same examples in the same order give the same model. ValueError unless there are some of both sorts.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of model: {kind!r}")
    language = lang.partition("-")[0].lower()
    taught = list(examples)
    labels = np.array([taken for _, taken in taught], dtype=bool)
    if not labels.any() or labels.all():
        raise ValueError("a model needs sentences of both sorts")
    seen = np.zeros(_WIDTH)
    for sentence, _ in taught:
        for group in _groups(sentence):
            seen[np.unique(_columns(group))] += 1
    rarity = np.where(seen >= _SEEN, np.log((1 + len(taught)) / (1 + seen)) + 1, 0.0)
    marks = np.array([_marks(sentence[:_LONGEST], language) for sentence, _ in taught])
    # Each sign weighs as much as it varies; together they weigh about as much as a group.
    rarity[: _signs_width()] = 1 / ((marks.std(axis=0) + _HARDLY) * _signs_width() ** 0.5)
    # Most columns are empty, and nothing is learned about them.
    used = np.flatnonzero(rarity)
    place = np.zeros(_WIDTH, dtype=np.int64)
    place[used] = np.arange(len(used))
    known = (_row(sentence, language, rarity) for sentence, _ in taught)
    rows = Rows.of([(place[columns], values) for columns, values in known], len(used))
    weights = np.zeros(_WIDTH)
    weights[used], bias = fitted(rows, labels, strength=_STRENGTH)
    # As a file keeps them: a model reads the same before it was written and after.
    return SentenceModel(
        kind,
        language,
        bias,
        weights.astype("<f4").astype(float),
        rarity.astype("<f4").astype(float),
    )


def _row(sentence: str, lang: str, rarity: Floats) -> tuple[np.ndarray, Floats]:
    """Columns and values. The first columns are those of the signs."""
    columns = [np.arange(_signs_width())]
    values = [np.array(_marks(sentence[:_LONGEST], lang)) * rarity[: _signs_width()]]
    for group in _groups(sentence):
        where = _columns(group)
        weighed = np.array([1 + log(times) for times in group.values()]) * rarity[where]
        seen = weighed > 0
        if seen.any():
            columns.append(where[seen])
            values.append(weighed[seen] / float(np.linalg.norm(weighed)))
    return np.concatenate(columns), np.concatenate(values)


def _columns(group: Counter[str]) -> np.ndarray:
    first = _signs_width()
    room = _WIDTH - first
    return np.array([first + zlib.crc32(part.encode()) % room for part in group], dtype=np.int64)


def _groups(sentence: str) -> Iterator[Counter[str]]:
    text = sentence[:_LONGEST].replace("’", "'")
    small = text.lower()
    yield Counter(
        f"c{piece[at : at + size]}"
        for piece in (f" {word} " for word in _PIECE.findall(small))
        for size in range(2, 6)
        for at in range(len(piece) - size + 1)
    )
    yield _runs("b", ["^", *map(_build, _TOKEN.findall(text)), "$"], 3)


def _runs(mark: str, tokens: Sequence[str], longest: int) -> Counter[str]:
    return Counter(
        mark + " ".join(tokens[at : at + size])
        for size in range(1, longest + 1)
        for at in range(len(tokens) - size + 1)
    )


def _build(word: str) -> str:
    if (len(word) <= 4 and word.islower()) or not word.isalnum():
        return word
    if word[0].isdigit():
        return "0"
    return "X" if word[0].isupper() else f"-{word[-3:]}"


def _marks(sentence: str, lang: str) -> list[float]:
    found = set(signs(sentence, lang=lang))
    words = len(_TOKEN.findall(sentence))
    return [
        *(float(sign in found) for sign in Sign),
        *(float(bool(manner.search(sentence))) for manner in _MANNERS),
        min(1.0, words / 40),
        min(1.0, sentence.count(",") / 4),
        min(1.0, len(_CAPITAL.findall(sentence)) / 6),
        float(words < 8),
    ]


def _signs_width() -> int:
    return len(Sign) + len(_MANNERS) + 4
