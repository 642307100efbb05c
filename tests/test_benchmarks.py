"""The measure is measured: what it calls right and wrong, and what it says with nobody to compare with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import assistant, peer, reanchoring
from benchmarks.assisting import Bar, matching, names
from benchmarks.reanchoring import Answer, Pair, accuracy

NEW = "uno due tre quattro cinque sei sette otto nove dieci"


def answered(kind: str, target: tuple[int, int] | None, answer: Answer) -> dict[str, float | int | None]:
    pair = Pair("real", "", NEW, spans=[(0, 3)], targets=[target], kinds=[kind])
    return accuracy([(pair, [answer])])


def test_a_survivor_is_exact_near_misplaced_or_lost() -> None:
    where = (8, 23)
    exact = answered("moved", where, Answer(where))
    assert (exact["exact"], exact["exact_on_changed_text"], exact["moved_within_2_words"]) == (100, 100, 100)
    near = answered("moved", where, Answer((8, 30)))
    assert (near["exact"], near["moved_within_2_words"], near["misplaced"]) == (0, 100, 0)
    wrong = answered("moved", where, Answer((34, 52)))
    assert (wrong["moved_within_2_words"], wrong["misplaced"], wrong["silent"]) == (0, 100, 100)
    asked = answered("moved", where, Answer((34, 52), asked=True))
    assert (asked["misplaced"], asked["silent"]) == (100, 0)
    lost = answered("unchanged", where, Answer(None))
    assert (lost["survivors_orphaned"], lost["exact_on_changed_text"]) == (100, None)


def test_italian_sentences_find_the_claims_that_they_repeat() -> None:
    """Sentences of ours that say in other words what the seed's claims say: all of one subject."""
    found = matching.measured_in("it")(Path(__file__).parent / "text/matching/it")
    assert (found["claims"], found["queries"]) == (44, 39)
    assert found["map_at_5"] >= 0.93


def test_a_model_is_measured_beside_where_the_environment_names_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONTROLUCE_EMBEDDINGS", "tests.hashed_embedder:Hashed")
    found = matching.measured_in("it")(Path(__file__).parent / "text/matching/it")
    told = found["by_meaning"]
    assert (told["model"], told["bytes_a_claim"]) == ("hashed 1.0/2/256", 512)
    assert told["map_at_5"] >= found["map_at_5"] - 0.05


def test_an_orphan_that_was_given_a_place_is_a_false_anchor() -> None:
    false = answered("orphan_hard", None, Answer((0, 3)))
    assert (false["false_anchors"], false["false_anchors_hard"], false["silent"]) == (100, 100, 100)
    right = answered("orphan", None, Answer(None))
    assert (right["false_anchors"], right["false_anchors_hard"], right["silent"]) == (0, None, 0)


def test_without_a_peer_its_column_is_empty_and_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pair = {"old": NEW, "new": f"zero {NEW}", "spans": [[4, 7]], "targets": [[9, 12]], "kinds": ["unchanged"]}
    (tmp_path / "real.jsonl").write_text(json.dumps(pair), encoding="utf-8")
    monkeypatch.setenv("REANCHORING_PAIRS", str(tmp_path))
    monkeypatch.delenv("REANCHORING_PEER", raising=False)
    monkeypatch.setattr(reanchoring, "ROUNDS", 1)
    found = reanchoring.measure()
    assert found["peer"].startswith("none: ")
    assert found["pairs"] == 1
    assert found["accuracy"]["real"]["ours"]["exact"] == 100
    assert found["accuracy"]["real"]["peer"] is None
    assert found["cpu_ms_of_1000"]["seed, light edit"]["peer"] is None
    monkeypatch.setenv("REANCHORING_PAIRS", str(tmp_path / "nowhere"))
    assert reanchoring.measure()["pairs"].startswith("none: ")


def test_the_peer_that_is_not_installed_is_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REANCHORING_PEER", str(tmp_path))
    missing = peer.Peer()
    assert not missing.version
    assert missing.why_not
    assert missing.places([(NEW, NEW, [(0, 3)])]) is None


def test_each_part_of_the_assistant_is_found_by_the_folder_that_it_is_measured_on() -> None:
    known = assistant.parts()
    assert "names" in known
    assert all(callable(part.measure) for part in known.values())


def test_a_bar_is_held_to_the_figure_that_it_names_and_to_none_that_was_not_measured() -> None:
    bars = (Bar("rules.f1", 0.5), Bar("rules.seconds", 2, at_least=False), Bar("learned.f1", 0.5))
    met = [bar["met"] for bar in assistant.judged("names", bars, {"rules": {"f1": 0.6, "seconds": 3}})]
    assert met == [True, False]


def test_a_name_counts_where_both_its_edges_and_its_kind_are_right() -> None:
    gold = [[("Anna", "B-PER"), ("Neri", "I-PER"), ("a", "O"), ("Pisa", "B-LOC"), ("Enel", "B-ORG")]]
    given = [[("Anna", "B-PER"), ("Neri", "O"), ("a", "O"), ("Pisa", "I-LOC"), ("Enel", "B-PER")]]
    assert names.spans(gold) == {(0, 0, 2, "PER"), (0, 3, 4, "LOC"), (0, 4, 5, "ORG")}
    figures = names.compared(names.spans(gold), names.spans(given))
    assert figures == {"f1": 0.3333, "precision": 0.3333, "recall": 0.3333}
