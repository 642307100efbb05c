"""What a sequence model is told about each word: how it is written, what stands around it here and elsewhere.

The names of the features are kept in every trained model. Whoever changes them changes `VERSION` of
`model.py`, or an old model reads what it never learned.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from . import cues
from .rules import guesses

#: So many sentences away, a name that is written the same way is the same name.
NEAR = 12
#: So many of its other places are looked at, on either side.
OTHERS = 4
#: A name in the lexicon has so many words at most.
LONGEST = 6
#: Small words that stand inside of names.
INNER = frozenset(
    "di del dello della dell' dei degli delle d' de la le e da van von der of the and for".split()
)

#: A name as it is written, words parted by blanks → how often it was each kind, by block of what was learned.
Lexicon = Mapping[str, Mapping[tuple[int, str], int]]
Sentence = Sequence[str]


def features(
    text: Sequence[Sentence],
    lexicon: Lexicon,
    common: Collection[str],
    own_block: int | None = None,
) -> list[list[list[str]]]:
    """For each word of each sentence of one article.

    `common` are words that were seen in small letters elsewhere. In training, `own_block` is the block that
    the article belongs to: what the lexicon knows from this very block is left out, or the model learns that
    every name is in the lexicon.
    """
    plain = [[word.replace("’", "'") for word in sentence] for sentence in text]
    found = [_of_sentence(sentence) for sentence in plain]
    _of_other_places(plain, found)
    small = {word for sentence in plain for word in sentence if word.islower()}
    for sentence, features_of in zip(plain, found, strict=True):
        for word, features_of_word in zip(sentence, features_of, strict=True):
            if word[:1].isupper():
                lowered = word.lower()
                features_of_word.append("lowseen" if lowered in small or lowered in common else "lownot")
    for sentence, features_of in zip(plain, found, strict=True):
        _of_lexicon(sentence, features_of, lexicon, own_block)
        _of_lists(sentence, features_of)
    for guess in guesses(plain):
        for place in range(guess.start, guess.end):
            edge = "B" if place == guess.start else "I"
            found[guess.sentence][place] += (
                f"r={edge}{guess.kind}",
                f"rr={edge}{guess.kind}{guess.reasons[0]}",
            )
    return found


#: Where a word stands in a list of `cues`, its neighbours are told too.
_LISTS = {
    "fn": cues.FIRST_NAMES,
    "pl": cues.PLACES,
    "ko": cues.KNOWN_ORGANISATIONS,
    "ti": cues.TITLES,
    "og": cues.ORGANISATIONS,
    "sx": cues.SUFFIXES,
    "pb": cues.PLACES_BEGIN,
    "bo": cues.BEFORE_ORGANISATIONS,
}


@lru_cache(maxsize=50_000)
def _lists(word: str) -> tuple[str, ...]:
    lowered = word.lower()
    return tuple(name for name, words in _LISTS.items() if lowered in words)


def _of_lists(sentence: Sentence, found: list[list[str]]) -> None:
    for place, word in enumerate(sentence):
        for name in _lists(word):
            found[place].append(f"l={name}")
            if place:
                found[place - 1].append(f"l1={name}")
            if place + 1 < len(sentence):
                found[place + 1].append(f"l-1={name}")


@lru_cache(maxsize=50_000)
def _shape(word: str) -> str:
    """Rossi → Xx, NATO → X, 2023 → d, l' → x', COVID-19 → X-d."""
    out: list[str] = []
    for c in word:
        kind = "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c
        if not out or out[-1] != kind:
            out.append(kind)
    return "".join(out)[:6]


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[str, ...]:
    w = word.lower()
    return (
        f"w={w}", f"s={_shape(word)}", f"p2={w[:2]}", f"p3={w[:3]}", f"p4={w[:4]}",
        f"s2={w[-2:]}", f"s3={w[-3:]}", f"s4={w[-4:]}",
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _of_neighbour(word: str, distance: int) -> tuple[str, ...]:
    w = word.lower()
    far = (f"w{distance}={w}", f"s{distance}={_shape(word)}")
    return (*far, f"x{distance}={w[-3:]}") if abs(distance) == 1 else far


def _of_sentence(sentence: Sentence) -> list[list[str]]:
    last = len(sentence) - 1
    lowered = [word.lower() for word in sentence]
    shapes = [_shape(word) for word in sentence]
    found = []
    for i, word in enumerate(sentence):
        of_word = list(_of_word(word))
        for distance in (-2, -1, 1, 2):
            j = i + distance
            if 0 <= j <= last:
                of_word += _of_neighbour(sentence[j], distance)
            else:
                of_word.append(f"w{distance}=#")
        may_be_named = word[:1].isupper() or lowered[i] in INNER
        if i:
            of_word.append(f"ss={shapes[i - 1]}|{shapes[i]}")
            if may_be_named:
                of_word.append(f"b={lowered[i - 1]}|{lowered[i]}")
        else:
            of_word.append("BOS")
        if i < last:
            of_word.append(f"sn={shapes[i]}|{shapes[i + 1]}")
            if may_be_named:
                of_word.append(f"c={lowered[i]}|{lowered[i + 1]}")
                if i:
                    of_word.append(f"a={lowered[i - 1]}|{lowered[i + 1]}")
        found.append(of_word)
    return found


def _of_other_places(text: Sequence[Sentence], found: Sequence[list[list[str]]]) -> None:
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, sentence in enumerate(text):
        for i, word in enumerate(sentence):
            if len(word) > 2 and word[:1].isupper():
                places[word].append((number, i))
    for where in places.values():
        for index, (number, i) in enumerate(where):
            seen: set[str] = set()
            for other in range(max(0, index - OTHERS), min(len(where), index + OTHERS + 1)):
                if other != index and abs(where[other][0] - number) <= NEAR:
                    seen.update(_around(text[where[other][0]], where[other][1]))
            found[number][i] += sorted(seen)


def _around(sentence: Sentence, i: int) -> Iterator[str]:
    if i:
        yield f"oL={sentence[i - 1].lower()}"
        if sentence[i - 1][:1].isupper():
            yield "oLU"
    if i + 1 < len(sentence):
        yield f"oR={sentence[i + 1].lower()}"
        if sentence[i + 1][:1].isupper():
            yield "oRU"


def _of_lexicon(sentence: Sentence, found: list[list[str]], lexicon: Lexicon, own_block: int | None) -> None:
    i = 0
    while i < len(sentence):
        length = 0
        if sentence[i][:1].isupper():
            for length in range(min(LONGEST, len(sentence) - i), 0, -1):
                known = lexicon.get(" ".join(sentence[i : i + length]))
                kinds: Counter[str] = Counter()
                for (block, kind), times in (known or {}).items():
                    if block != own_block:
                        kinds[kind] += times
                if kinds:
                    kind, pure = kinds.most_common(1)[0][0], "p" if len(kinds) == 1 else "m"
                    for j in range(i, i + length):
                        found[j].append(f"lx={'B' if j == i else 'I'}{kind}{pure}")
                    break
            else:
                length = 0
        i += length or 1
