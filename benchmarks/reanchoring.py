"""Re-anchoring: how many words are followed rightly, and what it costs, beside a browser that searches.

Accuracy is measured on pairs of revisions with known truth: JSON Lines files in the folder that
REANCHORING_PAIRS names, or in ../shared/anchoring/dev where it is there. A line has the texts `old` and
`new`, `spans` of the old one, for each its place in the new one (`targets`; null: it went) and its kind of
edit (`kinds`).

The peer is Hypothesis's way of finding a quotation again, with the npm package that it uses (see peer.mjs).
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from newsroom.text.reanchoring import reanchor

from .peer import Peer

BASE = Path(__file__).resolve().parent.parent
PAIRS = BASE.parent / "shared" / "anchoring" / "dev"
ARTICLE = BASE / "fixtures" / "source" / "article.txt"

UNCHANGED = {"unchanged", "unchanged_repeat"}
SPANS, ROUNDS, MOST_PAIRS = 1000, 3, 12
SHORT, LIGHT, REWRITE = (
    4_000,
    10_000,
    20_000,
)  # characters: too few to time; of a light edit, of a rewrite at most
WORD = re.compile(r"\w+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two revisions; where the truth is known, `spans` with their `targets` and `kinds`."""

    name: str
    old: str
    new: str
    survival: float = 1.0
    spans: list[Span] = field(default_factory=list)
    targets: list[Span | None] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return max(len(self.old), len(self.new))


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a span is said to stand, and whether a person is asked."""

    place: Span | None
    asked: bool = False


def measure() -> dict[str, Any]:
    """Percentages of right and wrong answers; milliseconds of CPU for 1,000 annotations."""
    folder = Path(os.environ.get("REANCHORING_PAIRS", PAIRS))
    pairs = list(_pairs(folder)) if folder.is_dir() else []
    peer = Peer()
    return {
        "peer": peer.version or f"none: {peer.why_not}",
        "pairs": len(pairs) or "none: REANCHORING_PAIRS names no folder of pairs with known truth",
        "accuracy": _accuracies(pairs, peer),
        "cpu_ms_of_1000": {name: _cost(chosen, peer) for name, chosen in _to_time(pairs) if chosen},
    }


def _pairs(folder: Path) -> Iterator[Pair]:
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield Pair(
                    name=path.stem,
                    old=record["old"],
                    new=record["new"],
                    survival=record.get("survival", 0.0 if path.stem == "rewrite" else 1.0),
                    spans=[(start, end) for start, end in record["spans"]],
                    targets=[target and (target[0], target[1]) for target in record["targets"]],
                    kinds=record["kinds"],
                )


def _accuracies(pairs: list[Pair], peer: Peer) -> dict[str, Any]:
    if not pairs:
        return {}
    answers = [_answers(pair) for pair in pairs]
    theirs = peer.places([(pair.old, pair.new, pair.spans) for pair in pairs])
    found = {}
    for name in sorted({pair.name for pair in pairs}):
        mine = [n for n, pair in enumerate(pairs) if pair.name == name]
        found[name] = {"ours": accuracy((pairs[n], answers[n]) for n in mine), "peer": None}
        if theirs is not None:
            found[name]["peer"] = accuracy((pairs[n], [Answer(place) for place in theirs[n]]) for n in mine)
    return found


def _answers(pair: Pair) -> list[Answer]:
    fates = reanchor(pair.old, pair.new, pair.spans)
    return [
        Answer(None if fate.start is None or fate.end is None else (fate.start, fate.end), fate.needs_check)
        for fate in fates
    ]


def accuracy(answered: Iterable[tuple[Pair, list[Answer]]]) -> dict[str, float | int | None]:
    """Percentages. Misplaced: less than half of it is right. Silent: wrong or gone, and nobody is asked."""
    count: Counter[str] = Counter()
    for pair, answers in answered:
        for answer, target, kind in zip(answers, pair.targets, pair.kinds, strict=True):
            count.update(_judged(pair.new, answer, target, kind))

    def percent(part: str, whole: str) -> float | None:
        return round(100 * count[part] / count[whole], 2) if count[whole] else None

    return {
        "survivors": count["survivors"],
        "orphans": count["orphans"],
        "exact": percent("exact", "survivors"),
        "exact_on_changed_text": percent("exact changed", "changed"),
        "moved_within_2_words": percent("near moved", "moved"),
        "misplaced": percent("misplaced", "survivors"),
        "survivors_orphaned": percent("lost", "survivors"),
        "false_anchors": percent("false", "orphans"),
        "false_anchors_hard": percent("false hard", "hard"),
        "silent": percent("silent", "all"),
    }


def _judged(new: str, answer: Answer, target: Span | None, kind: str) -> Iterator[str]:
    """What an answer counts as."""
    yield "all"
    place = answer.place
    if target is None:
        hard = kind == "orphan_hard"
        yield "orphans"
        yield from ["hard"] * hard
        if place:
            yield "false"
            yield from ["false hard"] * hard + ["silent"] * (not answer.asked)
        return
    yield "survivors"
    yield from ["changed"] * (kind not in UNCHANGED) + ["moved"] * (kind == "moved")
    if place is None:
        yield "lost"
        return
    if place == target:
        yield "exact"
        yield from ["exact changed"] * (kind not in UNCHANGED)
    if kind == "moved" and _words_off(new, place, target) <= 2:
        yield "near moved"
    common = max(0, min(place[1], target[1]) - max(place[0], target[0]))
    if common < (max(place[1], target[1]) - min(place[0], target[0])) / 2:
        yield "misplaced"
        yield from ["silent"] * (not answer.asked)


def _words_off(text: str, place: Span, target: Span) -> int:
    """By how many words the worse of the two ends is off."""
    words = [found.span() for found in WORD.finditer(text)]
    firsts = [sum(end <= span[0] for _, end in words) for span in (place, target)]
    lasts = [sum(start < span[1] for start, _ in words) for span in (place, target)]
    return max(abs(firsts[0] - firsts[1]), abs(lasts[0] - lasts[1]))


def _to_time(pairs: list[Pair]) -> Iterator[tuple[str, list[Pair]]]:
    text = ARTICLE.read_text(encoding="utf-8")
    yield "seed, light edit", [Pair("seed", text, _edited(text, every=40))]
    yield "seed, rewrite", [Pair("seed", text, _edited(text, every=3))]
    choose = random.Random(7)
    for name, chosen in (
        ("pairs, light edits", [pair for pair in pairs if pair.size <= LIGHT and pair.survival > 0.9]),
        ("pairs, rewrites", [pair for pair in pairs if pair.size <= REWRITE and pair.survival < 0.6]),
    ):
        long = [pair for pair in chosen if len(pair.old) > SHORT]
        yield name, choose.sample(long, min(MOST_PAIRS, len(long)))


def _edited(text: str, every: int) -> str:
    """One word of so many becomes another one; if these are few, the paragraphs change places, too."""
    choose = random.Random(every)
    words = WORD.findall(text)
    edited = WORD.sub(
        lambda found: found.group() if choose.randrange(every) else choose.choice(words), text
    ).split("\n\n")
    if every < 10:
        choose.shuffle(edited)
    return "\n\n".join(edited)


def _cost(pairs: list[Pair], peer: Peer) -> dict[str, Any]:
    """The least of some rounds for each pair; of these the median and the worst."""
    jobs = [(pair.old, pair.new, list(_random_spans(pair.old))) for pair in pairs]
    ours = [min(_cpu_ms(*job) for _ in range(ROUNDS)) for job in jobs]
    theirs = peer.cpu_ms(jobs, ROUNDS)
    return {
        "pairs": len(pairs),
        "ours": {"median": round(median(ours), 1), "worst": round(max(ours), 1)},
        "peer": theirs and {"median": round(median(theirs), 1), "worst": round(max(theirs), 1)},
    }


def _random_spans(text: str) -> Iterator[Span]:
    choose = random.Random(SPANS)
    for _ in range(SPANS):
        start = choose.randrange(len(text) - 12)
        yield start, min(len(text), start + choose.randrange(4, 160))


def _cpu_ms(old: str, new: str, spans: list[Span]) -> float:
    began = process_time()
    reanchor(old, new, spans)
    return 1000 * (process_time() - began)
