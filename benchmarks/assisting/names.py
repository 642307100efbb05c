"""Names: those of `test.tsv`, found by rules alone, and after learning from `train.tsv`.

A line is a token, a tab and its tag (`B-PER`, `I-LOC`, `O`); a blank line parts sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from newsroom.outside.crfsuite import trained
from newsroom.text.mentions.model import ALGORITHM, SETTINGS, Model, examples, learned, packed
from newsroom.text.mentions.rules import ORGANISATION, PERSON, PLACE, guesses

from . import Bar, Part

Sentence = list[tuple[str, str]]
#: A sentence's number, its first token, the one behind its last, and a kind.
Span = tuple[int, int, int, str]

BARS = (
    Bar("rules.f1", 0.45),
    Bar("learned.f1", 0.78),
    Bar("learned.training_seconds_of_cpu", 120, at_least=False),
    Bar("learned.model_bytes", 5_000_000, at_least=False),
    Bar("learned.tokens_a_second", 20_000),
)


#: The files know no articles: so many sentences are taken for one.
ARTICLE = 40
#: The kinds of the rules, as the files call them.
KINDS = {PERSON: "PER", PLACE: "LOC", ORGANISATION: "ORG"}


def measure(folder: Path) -> dict[str, Any]:
    test = read(folder / "test.tsv")
    gold = spans(test)
    tokens = sum(map(len, test))
    found: dict[str, Any] = {"tokens": tokens, "spans": len(gold)}
    texts = [words_of(article) for article in articles(test)]
    begun = process_time()
    guessed = {
        (number * ARTICLE + guess.sentence, guess.start, guess.end, KINDS[guess.kind])
        for number, text in enumerate(texts)
        for guess in guesses(text)
    }
    found["rules"] = figures(gold, guessed) | {"tokens_a_second": round(tokens / (process_time() - begun))}
    if (folder / "train.tsv").exists():
        found["learned"] = _learned(read(folder / "train.tsv"), texts, gold, tokens)
    return found


def _learned(
    train: list[Sentence], texts: Sequence[list[list[str]]], gold: set[Span], tokens: int
) -> dict[str, Any]:
    tagged = [
        [([word for word, _ in sentence], [tag for _, tag in sentence]) for sentence in article]
        for article in articles(train)
    ]
    begun, worked = perf_counter(), process_time()
    known = learned(tagged)
    file = packed(trained(examples(tagged, known), ALGORITHM, SETTINGS), known)
    costs = {
        "training_seconds": round(perf_counter() - begun, 1),
        "training_seconds_of_cpu": round(process_time() - worked, 1),
        "model_bytes": len(file),
    }
    model = Model.from_bytes(file)
    begun = process_time()
    read_by_model = {
        (number * ARTICLE + place, name.start, name.end, name.kind)
        for number, text in enumerate(texts)
        for place, names in enumerate(model.read(text))
        for name in names
    }
    rate = round(tokens / (process_time() - begun))
    return figures(gold, read_by_model) | costs | {"tokens_a_second": rate}


PARTS = {"names": Part(measure, BARS)}


def articles(sentences: Sequence[Sentence]) -> list[Sequence[Sentence]]:
    return [sentences[place : place + ARTICLE] for place in range(0, len(sentences), ARTICLE)]


def words_of(article: Sequence[Sentence]) -> list[list[str]]:
    return [[word for word, _ in sentence] for sentence in article]


def figures(gold: set[Span], given: set[Span]) -> dict[str, Any]:
    return compared(gold, given) | {"by_kind": by_kind(gold, given)}


def read(path: Path) -> list[Sentence]:
    found: list[Sentence] = [[]]
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            token, _, tag = line.partition("\t")
            found[-1].append((token, tag.strip()))
        elif found[-1]:
            found.append([])
    return [sentence for sentence in found if sentence]


def spans(sentences: Iterable[Sentence]) -> set[Span]:
    """An I- that follows nothing of its kind begins a span as a B- does."""
    found: set[Span] = set()
    for number, sentence in enumerate(sentences):
        start, kind = 0, ""
        for place, tag in enumerate([*(tag for _, tag in sentence), "O"]):
            if kind and tag != f"I-{kind}":
                found.add((number, start, place, kind))
                kind = ""
            if not kind and tag != "O":
                start, kind = place, tag[2:]
    return found


def compared(gold: set[Span], given: set[Span]) -> dict[str, float]:
    """Span-exact, over all kinds."""
    right = len(gold & given)
    precision, recall = right / (len(given) or 1), right / (len(gold) or 1)
    f1 = 2 * right / ((len(gold) + len(given)) or 1)
    return {"f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4)}


def by_kind(gold: set[Span], given: set[Span]) -> dict[str, dict[str, float]]:
    kinds: Sequence[str] = sorted({kind for *_, kind in gold})
    return {kind: compared(*({s for s in some if s[3] == kind} for some in (gold, given))) for kind in kinds}
