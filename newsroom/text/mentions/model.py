"""A sequence model of names: what it learns from, how it is kept, how it reads.

Training itself writes a file, so it is outside of this room: `examples()` makes what a trainer is given, and
`packed()` makes one model of what it answers.

The library reads a damaged file into memory that is not its own. So a model is kept behind a header with its
version and its SHA-256, and nothing else is ever given to the library.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pycrfsuite

from newsroom.text.model_files import UnusableModel, opened, sealed

from .features import LONGEST, Lexicon, features

#: Changes with the features and with the layout of the file.
VERSION = 1
_KIND = "names"
#: So begins what CRFsuite writes, and its own length follows.
_WEIGHTS = b"lCRF"
#: A word in small letters is remembered when it was seen so often.
SEEN = 2
BLOCKS = 60

#: What a trainer of this model is told.
ALGORITHM = "lbfgs"
SETTINGS: Mapping[str, Any] = {"c1": 0.1, "c2": 0.1, "max_iterations": 100}


#: Words of one sentence, and the tag of each: O, or B- and I- with a kind.
Tagged = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Learned:
    """What is remembered besides the weights."""

    lexicon: Lexicon
    common: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Words `start` to `end` (exclusive) of a sentence, and how sure the model is, between 0 and 1."""

    start: int
    end: int
    kind: str
    confidence: float


def learned(articles: Sequence[Sequence[Tagged]]) -> Learned:
    lexicon: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    small: Counter[str] = Counter()
    for number, article in enumerate(articles):
        for words, tags in article:
            plain = [word.replace("’", "'") for word in words]
            small.update(word for word in plain if word.islower())
            for start, end, kind in spans(tags):
                if end - start <= LONGEST:
                    lexicon[" ".join(plain[start:end])][_block(number, len(articles)), kind] += 1
    return Learned(lexicon, frozenset(word for word, times in small.items() if times >= SEEN))


def examples(
    articles: Sequence[Sequence[Tagged]], known: Learned
) -> Iterator[tuple[list[list[str]], Sequence[str]]]:
    """Features and tags of each sentence, for a trainer with `ALGORITHM` and `SETTINGS`."""
    for number, article in enumerate(articles):
        own_block = _block(number, len(articles))
        of_article = features([words for words, _ in article], known.lexicon, known.common, own_block)
        yield from zip(of_article, (tags for _, tags in article), strict=True)


def packed(weights: bytes, known: Learned) -> bytes:
    """The file of a model. What blocks were for is over: the kinds of a name are counted together."""
    lexicon: dict[str, dict[str, int]] = {}
    for name, kinds in sorted(known.lexicon.items()):
        lexicon[name] = {}
        for (_, kind), times in kinds.items():
            lexicon[name][kind] = lexicon[name].get(kind, 0) + times
    remembered = zlib.compress(
        json.dumps({"lexicon": lexicon, "common": sorted(known.common)}, ensure_ascii=False).encode(), 9
    )
    content = len(remembered).to_bytes(8, "big") + remembered + weights
    return sealed(_KIND, VERSION, content)


@dataclass(frozen=True)
class Model:
    """What `packed()` made, ready to read by as many threads as there are."""

    known: Learned
    kinds: frozenset[str]
    _weights: bytes = field(repr=False)

    @classmethod
    def from_bytes(cls, file: bytes) -> Model:
        """UnusableModel where `file` is not a whole model of this version."""
        content = opened(_KIND, VERSION, file)
        end = 8 + int.from_bytes(content[:8], "big")
        try:
            remembered = json.loads(zlib.decompress(content[8:end]))
            lexicon = {
                name: {(0, kind): int(times) for kind, times in kinds.items()}
                for name, kinds in remembered["lexicon"].items()
            }
            known = Learned(lexicon, frozenset(remembered["common"]))
            weights = content[end:]
            if weights[:4] != _WEIGHTS or int.from_bytes(weights[4:8], "little") != len(weights):
                raise ValueError("no weights")
            kinds = frozenset(tag[2:] for tag in _tagger(weights).labels() if tag != "O")
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnusableModel("The model is damaged: it cannot be read.") from error
        return cls(known, kinds, weights)

    def read(self, text: Sequence[Sequence[str]]) -> list[list[Found]]:
        """The names in each sentence of a text, in order; they never overlap."""
        # It keeps the sentence that it read last, so each reading has one of its own.
        tagger = _tagger(self._weights)
        found = []
        for of_sentence in features(text, self.known.lexicon, self.known.common):
            tags = tagger.tag(of_sentence) if of_sentence else []
            found.append(
                [Found(start, end, kind, _sure(tagger, tags, start, end)) for start, end, kind in spans(tags)]
            )
        return found


def _tagger(weights: bytes) -> Any:
    """It reads these very bytes and does not keep them: they have to outlive it."""
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(weights)
    return tagger


def _sure(tagger: Any, tags: Sequence[str], start: int, end: int) -> float:
    """As sure as of the least certain word."""
    least = min(tagger.marginal(tags[place], place) for place in range(start, end))
    return round(max(0.0, min(1.0, float(least))), 3)


def spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each tagged run; an I- that continues nothing begins one."""
    start, kind = 0, ""
    for place, tag in enumerate([*tags, "O"]):
        if kind and tag != f"I-{kind}":
            yield start, place, kind
            kind = ""
        if not kind and tag != "O":
            start, kind = place, tag[2:]


def _block(article: int, articles: int) -> int:
    return article * min(BLOCKS, articles) // articles
