"""`python benchmarks/assistant.py FOLDER [part …]`: how well the desk's assistant proposes, as JSON.

The folder holds what is measured against: `names/{train,test}.tsv`, `opinions/{it,en}/{train,test}.csv`,
`matching/{en,it}/…`. Parts that it does not hold are left out. What is learned from it is gone at the end.

Each part is a function of its own in a module of `benchmarks/assisting/`, found there by itself.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

if not __package__:
    # Run by its path: what stands beside this file is not what it imports.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from rich.console import Console

from benchmarks import assisting
from benchmarks.assisting import Bar, Part


def parts() -> dict[str, Part]:
    """All of `PARTS` of all modules beside each other, by the folder that each is measured on."""
    found: dict[str, Part] = {}
    for module in sorted(iter_modules(assisting.__path__), key=lambda module: module.name):
        found |= getattr(import_module(f"{assisting.__name__}.{module.name}"), "PARTS", {})
    return found


def main() -> None:
    known = parts()
    parser = argparse.ArgumentParser(prog="python benchmarks/assistant.py", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one of {', '.join(known)}")
    given = parser.parse_args()
    if not given.folder.is_dir():
        parser.error(f"no such folder: {given.folder}")
    if strangers := set(given.parts) - set(known):
        parser.error(f"no such part: {', '.join(sorted(strangers))}")
    console = Console(stderr=True)
    found: dict[str, Any] = {"python": platform.python_version(), "folder": str(given.folder)}
    bars: list[dict[str, Any]] = []
    for name in given.parts or known:
        if not (given.folder / name).is_dir():
            console.print(f"{name}: not in this folder")
            continue
        with console.status(f"Measuring {name}"):
            found[name] = known[name].measure(given.folder / name)
        bars += judged(name, known[name].bars, found[name])
    for bar in bars:
        asked = f"{'at least' if bar['at_least'] else 'at most'} {bar['bar']}"
        console.print(f"{'met' if bar['met'] else 'NOT MET':>8}  {bar['what']}: {bar['measured']}, {asked}")
    print(json.dumps(found | {"bars": bars}, indent=1, ensure_ascii=False))


def judged(name: str, bars: tuple[Bar, ...], figures: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What was asked of each figure that was measured, and whether it is so."""
    for bar in bars:
        measured: Any = figures
        for key in bar.figure.split("."):
            measured = measured.get(key) if isinstance(measured, Mapping) else None
        if measured is not None:
            met = measured >= bar.limit if bar.at_least else measured <= bar.limit
            yield {
                "what": f"{name}, {bar.figure}",
                "measured": measured,
                "bar": bar.limit,
                "at_least": bar.at_least,
                "met": met,
            }


if __name__ == "__main__":
    main()
