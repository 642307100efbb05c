"""Names: those of `test.tsv`, found by rules alone, and after learning from `train.tsv`.

A line is a token, a tab and its tag (`B-PER`, `I-LOC`, `O`); a blank line parts sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from . import Bar, Part

Sentence = list[tuple[str, str]]
#: A sentence's number, its first token, the one behind its last, and a kind.
Span = tuple[int, int, int, str]

BARS = (
    Bar("rules.f1", 0.45),
    Bar("learned.f1", 0.78),
    Bar("learned.training_seconds", 120, at_least=False),
    Bar("learned.model_bytes", 5_000_000, at_least=False),
    Bar("learned.tokens_a_second", 20_000),
)


def measure(folder: Path) -> dict[str, Any]:
    test = read(folder / "test.tsv")
    return {"tokens": sum(map(len, test)), "spans": len(spans(test))}


PARTS = {"names": Part(measure, BARS)}


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
