"""Opinions: which sentences of `test.csv` are subjective, by rules alone and after learning from `train.csv`.

The files have a column `Sentence` and a column `Label`: `OBJ` or `SUBJ`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from newsroom.text.check_worthiness import OPINION, SentenceModel, Sign, learned, signs

from . import Bar, Part

Labelled = list[tuple[str, bool]]
#: The training file is parted in so many, neighbours together, and each part read by what the rest teaches.
FOLDS = 5


def _measure(lang: str) -> Callable[[Path], dict[str, Any]]:
    def measure(folder: Path) -> dict[str, Any]:
        test = read(folder / "test.csv")
        labels = [label for _, label in test]
        by_rules = [Sign.OPINION in signs(sentence, lang=lang) for sentence, _ in test]
        found: dict[str, Any] = {"sentences": len(test), "rules": {"macro_f1": macro_f1(labels, by_rules)}}
        if (folder / "train.csv").exists():
            found["learned"] = _learned(read(folder / "train.csv"), test, lang)
        return found

    return measure


def _learned(train: Labelled, test: Labelled, lang: str) -> dict[str, Any]:
    begun, worked = perf_counter(), process_time()
    file = learned(train, kind=OPINION, lang=lang).to_bytes()
    costs = {
        "training_seconds": round(perf_counter() - begun, 1),
        "training_seconds_of_cpu": round(process_time() - worked, 1),
        "model_bytes": len(file),
    }
    model = SentenceModel.from_bytes(file)
    begun = process_time()
    read_by_model = subjective(model, test)
    rate = round(len(test) / (process_time() - begun))
    return {
        "macro_f1": macro_f1([label for _, label in test], read_by_model),
        "cross_validated": _cross_validated(train, lang),
        **costs,
        "sentences_a_second": rate,
    }


def _cross_validated(train: Labelled, lang: str) -> float:
    guessed: list[bool] = []
    for fold in range(FOLDS):
        first, last = (len(train) * edge // FOLDS for edge in (fold, fold + 1))
        model = learned([*train[:first], *train[last:]], kind=OPINION, lang=lang)
        guessed += subjective(model, train[first:last])
    return macro_f1([label for _, label in train], guessed)


def subjective(model: SentenceModel, sentences: Labelled) -> list[bool]:
    return [model.probability(sentence) >= 0.5 for sentence, _ in sentences]


def read(path: Path) -> Labelled:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["Sentence"].strip(), row["Label"] == "SUBJ") for row in csv.DictReader(file)]


def macro_f1(labels: Sequence[bool], given: Sequence[bool]) -> float:
    """The mean of both classes' F1."""
    pairs = list(zip(labels, given, strict=True))
    of_classes = []
    for wanted in (True, False):
        right = sum(label is guess is wanted for label, guess in pairs)
        either = sum((label is wanted) + (guess is wanted) for label, guess in pairs)
        of_classes.append(2 * right / (either or 1))
    return round(sum(of_classes) / 2, 4)


PARTS = {
    "opinions/it": Part(_measure("it"), (Bar("learned.macro_f1", 0.66),)),
    "opinions/en": Part(_measure("en")),
}
