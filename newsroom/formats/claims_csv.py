"""Claims as a table for a spreadsheet: CSV (RFC 4180), a claim a line.

UTF-8 with a byte order mark, without which Excel takes it for the code page of its country. Excel also parts
columns by what its country parts lists with, whatever the C in CSV says: so what has Italian labels is parted
by semicolons, what has English ones by commas. Every cell is quoted, and none is a formula
(`text/spreadsheets.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import pgettext

from newsroom.text.spreadsheets import ClaimRow, harmless

CONTENT_TYPE = "text/csv; charset=utf-8; header=present"
SEPARATORS = {"it": ";", "en": ","}
#: Between several things in one cell.
AND = " | "


def write(rows: Iterable[ClaimRow], *, lang: str) -> Iterator[bytes]:
    """The file piece by piece; `lang` is that of the labels, which is to be active while it is written."""
    line = io.StringIO()
    writer = csv.writer(
        line, delimiter=SEPARATORS.get(lang, ","), quoting=csv.QUOTE_ALL, lineterminator="\r\n"
    )

    def written(cells: Iterable[str]) -> bytes:
        writer.writerow([harmless(cell) for cell in cells])
        body = line.getvalue().encode("utf-8", "replace")
        line.seek(0)
        line.truncate()
        return body

    yield b"\xef\xbb\xbf" + written(_header())
    for row in rows:
        yield written(
            (
                row.code,
                row.text,
                row.lang,
                row.claimant,
                row.date,
                AND.join(row.articles),
                AND.join(row.article_urls),
                row.rating,
                row.rated,
                row.status,
                row.summary,
                str(row.evidence),
                AND.join(row.evidence_urls),
                row.url,
            )
        )


def _header() -> tuple[str, ...]:
    return (
        pgettext("column", "Code"),
        pgettext("column", "Claim"),
        pgettext("column", "Language"),
        pgettext("column", "Claimant"),
        pgettext("column", "Date"),
        pgettext("column", "Articles"),
        pgettext("column", "Addresses of the articles"),
        pgettext("column", "Rating"),
        pgettext("column", "Rated on"),
        pgettext("column", "Status"),
        pgettext("column", "In short"),
        pgettext("column", "Items of evidence"),
        pgettext("column", "Addresses of the evidence"),
        pgettext("column", "Address"),
    )
