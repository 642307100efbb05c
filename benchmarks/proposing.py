"""All suggestions for the seed article, as the site makes them: with trained models, and matched with claims.

    python -m benchmarks.proposing FOLDER
    python -m benchmarks.proposing FOLDER --claims 100000

`FOLDER` is that of `assistant.py`: the models are trained on its `names/train.tsv` and
`opinions/it/train.csv`, and what is worth a check on the seed's own sentences. They are trained in a process
of their own, so that the memory that is measured is what a site needs, which loads them.
"""

from __future__ import annotations

import argparse
import json
import platform
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import getpagesize
from typing import Any

from rich.console import Console
from rich.progress import Progress

from newsroom.outside.crfsuite import trained
from newsroom.text.check_worthiness import OPINION, WORTH, SentenceModel
from newsroom.text.check_worthiness import learned as learned_sentences
from newsroom.text.mentions.model import ALGORITHM, SETTINGS, Model, examples, learned, packed
from newsroom.text.sentences import sentences

from .assistant import judged
from .assisting import Bar, megabytes, names, opinions
from .bench import newsroom, stay_on_one_core, timed
from .matched import fill, invented

ROUNDS = 15
BARS = (Bar("learned.cpu_ms", 150, at_least=False), Bar("learned.megabytes_more", 100, at_least=False))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.proposing", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=10_000)
    given = parser.parse_args()
    console = Console(stderr=True)
    with get_context("spawn").Pool(1) as pool, console.status("Training"):
        files = pool.apply(taught, (given.folder,))
    stay_on_one_core()
    with newsroom():
        with Progress(console=console) as progress:
            fill([*islice(invented(1), given.claims)], "it", progress)
        found: dict[str, Any] = {"python": platform.python_version(), "claims": given.claims}
        found |= measured(files)
    bars = list(judged("proposing", BARS, found))
    print(json.dumps(found | {"bars": bars}, indent=1))


def taught(folder: Path) -> dict[str, bytes]:
    """The files of models, by what they are of."""
    rows = [
        [([word for word, _ in sentence], [tag for _, tag in sentence]) for sentence in article]
        for article in names.articles(names.read(folder / "names" / "train.tsv"))
    ]
    known = learned(rows)
    text = (Path(__file__).parent.parent / "fixtures/source/article.txt").read_text(encoding="utf-8")
    said = [text[start:end] for start, end in sentences(text, "it")]
    worth = [(one, any(letter.isdigit() for letter in one)) for one in said]
    return {
        "names": packed(trained(examples(rows, known), ALGORITHM, SETTINGS), known),
        "opinions": learned_sentences(
            opinions.read(folder / "opinions/it/train.csv"), kind=OPINION, lang="it"
        ).to_bytes(),
        "worth": learned_sentences(worth, kind=WORTH, lang="it").to_bytes(),
    }


def measured(files: dict[str, bytes]) -> dict[str, Any]:
    """Milliseconds for the article, and memory, by rules and then with the models in memory."""
    from django.db import connection

    from newsroom.models import Article, Claim
    from newsroom.presenters.proposed import NOTHING_LEARNED, NothingLearned, proposed

    article = Article.objects.select_related("current_revision").earliest("pk")
    Claim.objects.first()
    before = _resident()
    found: dict[str, Any] = {"database": connection.vendor}
    by_rules = timed(lambda: proposed(article, models=NOTHING_LEARNED), rounds=ROUNDS, warm_up=2)[0]
    found["rules"] = {
        "suggestions": len(proposed(article)),
        "ms": by_rules.median,
        "cpu_ms": by_rules.cpu,
        "megabytes_more": round(_resident() - before, 1),
    }
    models = NothingLearned(
        names=Model.from_bytes(files["names"]),
        worth=SentenceModel.from_bytes(files["worth"]),
        opinions=SentenceModel.from_bytes(files["opinions"]),
    )
    with_models = timed(lambda: proposed(article, models=models), rounds=ROUNDS, warm_up=2)[0]
    found["learned"] = {
        "suggestions": len(proposed(article, models=models)),
        "ms": with_models.median,
        "cpu_ms": with_models.cpu,
        "megabytes_more": round(_resident() - before, 1),
        "model_bytes": {name: len(file) for name, file in files.items()},
    }
    return found


def _resident() -> float:
    """Megabytes that this process has in memory; where that is not known, the most that it had."""
    state = Path("/proc/self/statm")
    if not state.exists():
        return megabytes()
    return int(state.read_text(encoding="ascii").split()[1]) * getpagesize() / 1024**2


if __name__ == "__main__":
    main()
