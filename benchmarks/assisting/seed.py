"""The seed article against its dossier: who says what, what is worth a check, and how long it takes.

`FOLDER/seed/` holds `article.txt` and `dossier.json`; those of `fixtures/source/` are measured in the tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any

from newsroom.text.attribution import Guess, attributions
from newsroom.text.check_worthiness import check_worthiness
from newsroom.text.document import parse_text
from newsroom.text.mentions import Aliases, Named, propose

from . import Bar, Part, megabytes

Span = tuple[int, int]
#: Both ends of a content may be off by so many words.
SLACK = 2
BARS = (
    Bar("attributions.right_of_all", 1.0),
    Bar("worth.of_perfect", 0.8),
    Bar("together.milliseconds", 150, at_least=False),
    Bar("together.megabytes_more", 100, at_least=False),
)


def measure(folder: Path) -> dict[str, Any]:
    text = parse_text((folder / "article.txt").read_text(encoding="utf-8")).text
    dossier = json.loads((folder / "dossier.json").read_text(encoding="utf-8"))
    claims = dossier["claims"]
    return {
        "together": together(text, dossier["entities"]),
        "attributions": attributed(text, claims),
        "worth": ranked(text, claims),
    }


def together(text: str, entities: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What one text costs: names, who says what, sentences worth a check. Without the rows of a newsroom."""
    before = megabytes()
    aliases = Aliases(Named(one["id"], one["kind"].lower(), tuple(one["aliases"])) for one in entities)
    taken = []
    for _time in range(5):
        begun = process_time()
        named = propose(text, "it", aliases)
        known = {text[one.start : one.end] for one in named if one.entities}
        said = attributions(text, names=known)
        check_worthiness(text, names=known, reported=said)
        taken.append(1000 * (process_time() - begun))
    return {"milliseconds": round(min(taken), 1), "megabytes_more": round(megabytes() - before, 1)}


def attributed(text: str, claims: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of the claims that a cue attributes, those whose source, cue and content are found."""
    begun = process_time()
    guesses = attributions(text)
    milliseconds = round(1000 * (process_time() - begun), 1)
    with_cue = [claim for claim in claims if claim["attribution"]["cue_words"]]
    right = [claim["id"] for claim in with_cue if any(_fits(text, claim, guess) for guess in guesses)]
    cues = {_moved(claim, claim["attribution"]["cue_words"]) for claim in with_cue}
    return {
        "with_a_cue": len(with_cue),
        "right": len(right),
        "right_of_all": round(len(right) / (len(with_cue) or 1), 4),
        "found_besides": sum(guess.cue[0] not in cues for guess in guesses),
        "milliseconds": milliseconds,
    }


def ranked(text: str, claims: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How many `high` claims stand in the better half of the sentences: ranked by score, and at best."""
    begun = process_time()
    scored = check_worthiness(text)
    milliseconds = round(1000 * (process_time() - begun), 1)
    starts = [_moved(claim, claim)[0] for claim in claims if claim["check_worthiness"]["level"] == "high"]
    holds = [sum(one.start <= start < one.end for start in starts) for one in scored]
    half = (len(scored) + 1) // 2
    order = sorted(range(len(scored)), key=lambda place: -scored[place].score)
    found = sum(holds[place] for place in order[:half])
    best = sum(sorted(holds, reverse=True)[:half])
    return {
        "sentences": len(scored),
        "high": len(starts),
        "in_first_half": found,
        "in_first_half_at_best": best,
        "of_perfect": round(found / (best or 1), 4),
        "without_a_sign": sum(not one.signs for one in scored),
        "milliseconds": milliseconds,
    }


def _moved(claim: dict[str, Any], span: dict[str, Any]) -> Span:
    """Canonical text has one line feed where the file has two."""
    by = int(claim["paragraph"][1:]) - 1
    return span["start"] - by, span["end"] - by


def _fits(text: str, claim: dict[str, Any], guess: Guess) -> bool:
    said = claim["attribution"]
    start, end = _moved(claim, claim)
    return (
        _moved(claim, said["cue_words"]) in guess.cue
        and _moved(claim, said["source_mention"]) in guess.named
        and any(_apart(text, start, a) <= SLACK and _apart(text, end, b) <= SLACK for a, b in guess.content)
    )


def _apart(text: str, one: int, other: int) -> int:
    return len(re.findall(r"\w+", text[min(one, other) : max(one, other)]))


PARTS = {"seed": Part(measure, BARS)}
