"""`python -m benchmarks [part …]`: measures and prints JSON; without parts, all of them."""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Iterator
from typing import Any

from rich.console import Console

from .bench import newsroom, stay_on_one_core

PARTS = (
    "article_page",
    "torture_page",
    "text",
    "reanchoring",
    "revision",
    "tagging",
    "exchange",
    "archive",
    "kept",
)
PAGE_MS, PAGE_QUERIES, PAGE_BYTES = 25, 12, 100 * 1024
REVISION_MS, SAVE_MS = 400, 40
#: Of the requests a second of a bare view; milliseconds; times a minimal view's processor.
SHARE, NOT_MODIFIED_MS, COLD_TIMES, TAG_TIMES = 0.6, 1.5, 2, 8
#: Milliseconds of CPU for one article with a hundred annotations: 2,000 a second out, 1,000 in.
OUT_MS, IN_MS = 0.5, 1.0
#: The peak of memory at 1,000 articles, as a multiple of that at 100.
FLAT = 1.2
#: Percentages of real revisions, and milliseconds of CPU for 1,000 annotations.
INEXACT, INEXACT_ON_CHANGED_TEXT, FALSE_ANCHORS, SILENT = 1.5, 3.5, 0.5, 0.2
LIGHT_EDIT_MS, REWRITE_MS = 60, 200


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one of {', '.join(PARTS)}")
    wanted = parser.parse_args().parts or PARTS
    if strangers := set(wanted) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(strangers))}")
    console = Console(stderr=True)
    stay_on_one_core()
    with console.status("Preparing the seed newsroom") as status, newsroom():
        import django

        from . import archive, article_page, calibrate, exchange, kept, reanchoring, revision, tagging, text

        measures = {
            "article_page": article_page.measure,
            "torture_page": article_page.measure_torture,
            "text": text.measure,
            "reanchoring": reanchoring.measure,
            "revision": revision.measure,
            "tagging": tagging.measure,
            "exchange": exchange.measure,
            "archive": archive.measure,
            "kept": kept.measure,
        }
        found: dict[str, Any] = {
            "python": platform.python_version(),
            "django": django.get_version(),
        }
        status.update("Calibrating")
        found["calibration"] = calibrate.measure()
        for part in wanted:
            status.update(f"Measuring {part}")
            found[part] = measures[part]()
    found["bars"] = list(bars(found))
    for bar in found["bars"]:
        console.print(
            f"{'met' if bar['met'] else 'NOT MET':>8}  {bar['what']}: {bar['measured']} of {bar['bar']}"
        )
    print(json.dumps(found, indent=1))


def bars(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What was asked of each figure, and whether it is so. Milliseconds scale by the bare view's ratio."""
    ratio = found["calibration"]["ratios"]["bare_view_ms"]
    if page := found.get("article_page"):
        yield bar("article page, ms of server time on one core", page["ms"]["cpu"], PAGE_MS, ratio)
        yield bar("article page, queries", page["queries"], PAGE_QUERIES)
        yield bar("article page, bytes of a first visit", page["bytes"]["first_visit_gzip"], PAGE_BYTES)
    if torture := found.get("torture_page"):
        queries = max(torture[name]["queries"] for name in ("default", "all_layers"))
        yield bar("article with 5,000 annotations, queries", queries, PAGE_QUERIES)
    if anchors := found.get("reanchoring"):
        for what, costs in anchors["cpu_ms_of_1000"].items():
            limit = REWRITE_MS if "rewrite" in what else LIGHT_EDIT_MS
            yield bar(f"1,000 annotations, {what}, worst ms of CPU", costs["ours"]["worst"], limit, ratio)
        if real := anchors["accuracy"].get("real"):
            ours = real["ours"]
            changed = 100 - ours["exact_on_changed_text"]
            yield bar("re-anchoring, % not exact", round(100 - ours["exact"], 2), INEXACT)
            yield bar("the same where the text changed", round(changed, 2), INEXACT_ON_CHANGED_TEXT)
            yield bar("re-anchoring, % false anchors", ours["false_anchors"], FALSE_ANCHORS)
            yield bar("re-anchoring, % silently wrong", ours["silent"], SILENT)
    for database, measured in found.get("revision", {}).items():
        if worked := measured.get("ms"):
            what = f"new text for 1,000 annotations on {database}, ms of processor"
            yield bar(what, round(worked["cpu"] + worked["server_cpu"], 4), REVISION_MS, ratio)
    if saved := found.get("tagging"):
        for kind, measured in saved["ms"].items():
            what = f"a tag saved among 500, {kind}, ms of server time on one core"
            yield bar(what, measured["cpu"], SAVE_MS, ratio)
    if moved := found.get("exchange"):
        rates = moved["articles_a_second"]
        yield bar("an article out as doccano JSONL, ms of CPU", round(1000 / rates["out"], 4), OUT_MS, ratio)
        yield bar("an article in from doccano JSONL, ms of CPU", round(1000 / rates["in"], 4), IN_MS, ratio)
        for way, (few, many) in moved["peak_kib"].items():
            yield bar(f"memory {way}, 1,000 articles to 100", round(many / few, 2), FLAT)
    if pages := found.get("kept"):
        yield from bars_of_kept(pages, ratio)
    if kept := found.get("archive"):
        for way, (few, many) in kept["peak_kib"].items():
            yield bar(f"memory of an archive {way}, 1,000 articles to 100", round(many / few, 2), FLAT)


def bars_of_kept(found: dict[str, Any], ratio: float) -> Iterator[dict[str, Any]]:
    """Those beside a bare view need no scaling: both are of this machine and this moment."""
    warm, cold = found["warm"], found["cold"]
    for what, share in (("compressed", warm["share"]), ("uncompressed", warm["uncompressed_share"])):
        yield bar(f"article page, kept, {what}: ms for one of the bare view", round(1 / share, 3), 1 / SHARE)
    yield bar("304, ms", warm["not_modified_ms"]["cpu"], NOT_MODIFIED_MS, ratio)
    yield bar("article with 500 annotations made anew, times the minimal view", cold["times"], COLD_TIMES)
    for number, measured in found["tagging"].items():
        for kind, times in measured["times"].items():
            yield bar(f"a tag saved among {number}, {kind}, times the one-row view", times, TAG_TIMES)


def bar(what: str, measured: float, limit: float, ratio: float = 1.0) -> dict[str, Any]:
    scaled = round(limit * ratio, 3)
    return {"what": what, "measured": measured, "bar": limit, "bar_here": scaled, "met": measured <= scaled}


if __name__ == "__main__":
    main()
