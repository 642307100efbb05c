"""Matching: known claims (`claims.tsv`), posts that repeat one (`queries.tsv`), and which (`qrels.tsv`).

MAP@5 over all claims in memory, by the words and weights of `newsroom/text/claim_matching.py`; milliseconds
of this process for one query. A claim's text and its title are two wordings of it.
"""

from __future__ import annotations

import csv
import statistics
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from newsroom.text.claim_matching import Frequencies, Wording, matches, read, shortlist

from . import Bar, Part

#: Words that are asked for, claims that are compared, those that count.
MOST_WORDS, MOST_COMPARED, FIRST = 24, 40, 5

BARS = (Bar("map_at_5", 0.925), Bar("query_ms", 20, at_least=False))


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
    precisions, taken = [], []
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
    return {
        "claims": len(claims),
        "queries": len(precisions),
        "map_at_5": round(statistics.fmean(precisions), 4),
        "index_seconds": round(seconds, 2),
        "query_ms": round(statistics.median(taken), 2),
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
