"""What is counted together by all processes of a machine: nothing is lost, and nobody counts for another."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsroom.outside.counters import Counters

COUNTING = """
import sys
from pathlib import Path
from newsroom.outside.counters import Counters
counters = Counters(Path(sys.argv[1]), key="k")
for _ in range(500):
    counters.add("reader", window=7)
"""


def test_each_is_counted_by_itself_and_anew_in_the_next_window(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "counters", key="k")
    assert [counters.add("a", window=1) for _ in range(3)] == [1, 2, 3]
    assert counters.add("b", window=1) == 1
    assert counters.add("a", window=2) == 1


def test_processes_and_threads_count_together_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "counters"
    others = [subprocess.Popen([sys.executable, "-c", COUNTING, str(path)]) for _ in range(2)]
    counters = Counters(path, key="k")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: counters.add("reader", window=7), range(500)))
    assert [each.wait() for each in others] == [0, 0]
    assert counters.add("reader", window=7) == 1501


def test_very_many_others_push_nobody_out_who_asks_often(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "counters", key="k")
    for _ in range(5):
        counters.add("often", window=1)
    for number in range(20_000):
        counters.add(f"once {number}", window=1)
    assert counters.add("often", window=1) == 6


def test_neither_a_name_nor_an_address_stands_in_the_file(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "counters", key="k")
    counters.add("search 192.0.2.1", window=1)
    assert b"192.0.2" not in (tmp_path / "counters").read_bytes()


def test_where_nothing_can_be_written_nobody_is_held_up_and_the_log_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    counters = Counters(tmp_path / "file" / "counters", key="k")
    with caplog.at_level(logging.WARNING):
        assert [counters.add("a", window=1) for _ in range(3)] == [0, 0, 0]
    assert len(caplog.records) == 1


def test_a_file_that_was_cut_short_counts_from_nothing(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "counters", key="k")
    counters.add("a", window=1)
    counters.forget()
    assert counters.add("a", window=1) == 1
