"""Matching: known claims (`claims.tsv`), posts that repeat one (`queries.tsv`), and which (`qrels.tsv`).

MAP@5 over all claims in memory, by the words and weights of `newsroom/text/claim_matching.py`; milliseconds
of this process for one query. A claim's text and its title are two wordings of it.

With `CONTROLUCE_EMBEDDINGS` as the site has it, the same once more with that model besides (`by_meaning`),
which reads all claims first. How its weight was chosen stands in docs/assistant.md.
"""

from __future__ import annotations

import csv
import os
import statistics
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from newsroom.outside.embedders import embedder
from newsroom.text.claim_matching import Frequencies, Wording, matches, read, shortlist, spoken
from newsroom.text.embeddings import (
    directions,
    in_all_wordings,
    likeness,
    nearest,
    packed,
    signature,
    unpacked,
)

from . import Bar, Part, megabytes

#: Words that are asked for, claims that are compared, those that count.
MOST_WORDS, MOST_COMPARED, FIRST = 24, 40, 5
#: Claims that an embedding model brings to a query, and reads at once.
MOST_NEAR, PORTION = 5, 64

BARS = (
    Bar("map_at_5", 0.925),
    Bar("by_meaning.map_at_5", 0.925),
    Bar("query_ms", 20, at_least=False),
)


def measured_in(lang: str) -> Callable[[Path], dict[str, Any]]:
    return lambda folder: measure(folder, lang)


def measure(folder: Path, lang: str) -> dict[str, Any]:
    rows = table(folder / "claims.tsv")[1:]
    queries = {number: text for number, text, *_rest in table(folder / "queries.tsv")[1:]}
    wanted: dict[str, set[str]] = defaultdict(set)
    for query, _zero, claim, *_rest in table(folder / "qrels.tsv"):
        if query in queries:
            wanted[query].add(claim)
    begun = perf_counter()
    claims = [read(*(Wording(text, lang) for text in texts)) for _number, *texts in rows]
    known = Frequencies.of((said.tokens, said.forms) for said in claims)
    holding: dict[str, list[int]] = defaultdict(list)
    for key, said in enumerate(claims):
        for form in said.forms:
            holding[form].append(key)
    seconds = perf_counter() - begun
    model = _Model(rows, lang)
    precisions, taken, by_meaning = [], [], []
    for number, right in wanted.items():
        started = process_time()
        said = read(Wording(queries[number], lang))
        hits = [
            (max(map(known.weight, forms)), [key for form in forms for key in holding.get(form, ())])
            for forms in known.rarest(said)[:MOST_WORDS]
        ]
        likely = shortlist(hits, MOST_COMPARED)
        best = matches(said, ((key, claims[key]) for key in likely), known)[:FIRST]
        taken.append((process_time() - started) * 1000)
        precisions.append(precision([rows[match.key][0] in right for match in best], len(right)))
        if model.is_named:
            near, alike = model.asked(queries[number], likely)
            some = ((key, claims[key]) for key in dict.fromkeys((*likely, *near)))
            best = matches(said, some, known, alike=alike, near=near)[:FIRST]
            by_meaning.append(precision([rows[match.key][0] in right for match in best], len(right)))
    return {
        "claims": len(claims),
        "queries": len(precisions),
        "map_at_5": round(statistics.fmean(precisions), 4),
        "index_seconds": round(seconds, 2),
        "query_ms": round(statistics.median(taken), 2),
    } | model.figures(by_meaning)


class _Model:
    """The embedding model that the environment names, if it names one; it reads all claims."""

    def __init__(self, rows: list[list[str]], lang: str) -> None:
        named = os.environ.get("CONTROLUCE_EMBEDDINGS", "")
        self.is_named = bool(named)
        if not named:
            return
        self._lang, self._posts_ms = lang, list[float]()
        before = megabytes()
        self._model = embedder(named)
        directions(self._model, ["one"], lang)
        self._megabytes = megabytes() - before
        begun = process_time()
        texts = [texts for _number, *texts in rows]
        self._kept = [
            packed(row)
            for start in range(0, len(texts), PORTION)
            for row in in_all_wordings(self._model, texts[start : start + PORTION], lang)
        ]
        self._claim_ms = 1000 * (process_time() - begun) / len(rows)
        self._rows = unpacked(self._kept, self._model.dimension)

    def asked(self, post: str, likely: list[int]) -> tuple[list[int], dict[int, float]]:
        """The nearest claims, and how like these and the likely ones are."""
        begun = process_time()
        [row] = directions(self._model, [spoken(post)], self._lang)
        near = nearest(row, self._rows, MOST_NEAR)
        alike = likeness(row, {key: self._kept[key] for key in (*likely, *near)})
        self._posts_ms.append(1000 * (process_time() - begun))
        return near, alike

    def figures(self, precisions: list[float]) -> dict[str, Any]:
        if not self.is_named:
            return {}
        return {
            "by_meaning": {
                "model": signature(self._model),
                "map_at_5": round(statistics.fmean(precisions), 4),
                "claim_ms": round(self._claim_ms, 1),
                "query_ms_more": round(statistics.median(self._posts_ms), 1),
                "megabytes_more": round(self._megabytes, 1),
                "bytes_a_claim": len(self._kept[0]),
            }
        }


def precision(right: list[bool], wanted: int) -> float:
    """The average precision of the first hits."""
    hits, total = 0, 0.0
    for place, is_right in enumerate(right, 1):
        if is_right:
            hits += 1
            total += hits / place
    return total / min(FIRST, wanted)


def table(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t"))


PARTS = {f"matching/{lang}": Part(measured_in(lang), BARS) for lang in ("en", "it")}
