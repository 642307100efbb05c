"""A PDF of a page has its words, in their order, with the tags that a screen reader goes by."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from newsroom.formats import tagged_pdf
from newsroom.formats.tagged_pdf import Sheet

SHEET = Sheet(
    title="Il ponte",
    lang="it",
    address="https://example.org/articles/il-ponte/",
    at=datetime(2026, 11, 2, 9, 30),
    authors=("Anna Bianchi",),
    foot="La Gazzetta",
)

PAGE = """<html lang="it"><body><nav>Menu</nav><main>
<h1>Il ponte</h1><p class="standfirst">Che cosa  costa.</p>
<nav class="counts"><ul><li><a href="?rating=true">Vero <b>1</b></a></li></ul></nav>
<div class="tools"><form><button>Mostra</button></form></div>
<div class="row"><div class="text" lang="it"><p>La famiglia
<span id="claim-a" class="claim tone-false u-double">ha speso <em>12.400 €</em></span><a id="ref-a"
class="noteref tone-false" href="#note-a" data-n="1" aria-label="Nota 1"></a> nel 2019.</p></div>
<div class="notes"><ol class="notes-list"><li id="note-a" class="note tone-false"><p><a class="badge"
href="#rating-false"><svg width="24" height="24" viewBox="0 0 24 24" stroke="currentColor"><path
 d="M4 4 20 20"/></svg>Falso</a><span
class="visually-hidden">, nota 1</span></p></li></ol></div></div>
<h2>Registro</h2><table><caption>Una sola</caption><thead><tr><th>N.</th><th>Affermazione</th></tr></thead>
<tbody><tr><td>1</td><th scope="row"><a href="/claims/x/">«ha speso»</a></th></tr></tbody></table>
<blockquote lang="en"><p>Nothing was done.</p></blockquote>
<ul><li>Uno<ul><li>Dentro</li></ul></li><li>Due</li></ul>
<pre>x = 1
  y = 2</pre><dl><div id="rating-false" class="tone-false"><dt>Falso</dt><dd>Non è così.</dd></div></dl>
<details><summary>Di più</summary><p>Anche questo.</p></details>
<div id="card" popover>Scheda</div><p role="status"></p><hr></main></body></html>"""


def made(html: str = PAGE, **changed: Any) -> pikepdf.Pdf:
    sheet = {name: getattr(SHEET, name) for name in SHEET.__slots__} | changed
    return pikepdf.open(io.BytesIO(tagged_pdf.page(html, Sheet(**sheet))))


def tags(pdf: pikepdf.Pdf) -> list[Any]:
    """Every element of the structure, in the order in which it is read."""

    def inside(element: Any) -> Iterator[Any]:
        for child in children(element):
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield child
                yield from inside(child)

    return list(inside(pdf.Root.StructTreeRoot))


def children(element: Any) -> list[Any]:
    """Elements and, by their numbers, the pieces of the sheet that it has for itself."""
    found = element.get("/K")
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def words_in(element: Any) -> Iterator[int]:
    """The numbers of all pieces of the sheet in an element, those of the elements in it included."""
    for child in children(element):
        if isinstance(child, pikepdf.Dictionary):
            yield from words_in(child)
        else:
            yield int(child)


def names(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in tags(pdf)]


def letters(words: str) -> str:
    """Without blanks, bullets, and the hyphens at the ends of lines."""
    return re.sub(r"[\s\u00ad‐•‣–-]", "", words)


def test_it_says_that_it_is_pdf_ua_with_title_author_and_language() -> None:
    pdf = made()
    with pdf.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert told["dc:title"] == "Il ponte"
        assert told["dc:creator"] == ["Anna Bianchi"]
    assert pdf.Root.Lang == "it"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_its_words_are_those_of_the_page_in_their_order() -> None:
    body = tagged_pdf.page(PAGE, SHEET)
    [sheet] = PdfReader(io.BytesIO(body)).pages
    assert letters("".join(tagged_pdf.words(PAGE, SHEET))) in letters(sheet.extract_text())


def test_what_is_for_a_screen_alone_stays_out() -> None:
    words = " ".join(" ".join(tagged_pdf.words(PAGE, SHEET)).split())
    assert words == (
        "Il ponte Che cosa costa. Vero 1 La famiglia ha speso 12.400 € 1 nel 2019. Falso N. Affermazione"
        " 1 «ha speso» Nothing was done. Uno Dentro Due x = 1 y = 2 Falso Non è così. Anche questo."
    ).replace("Falso N.", "Falso Registro Una sola N.")


def test_headings_tables_lists_quotations_and_links_are_tagged_as_such() -> None:
    found = names(made())
    assert [name for name in found if re.fullmatch("/H[1-6]", name)] == ["/H1", "/H2"]
    assert found.count("/Table") == 1
    assert found.count("/TH") == 2
    assert found.count("/TR") == 2
    assert found.count("/BlockQuote") == 1
    # The counts, the notes, the list and the one in it.
    assert found.count("/L") >= 4
    assert found.count("/Link") == 4


def test_tags_are_in_the_order_in_which_the_words_are_set() -> None:
    pdf = made()
    set_at = [child for element in tags(pdf) for child in children(element) if isinstance(child, int)]
    first_words = [min(run) for element in tags(pdf) if (run := [*words_in(element)])]
    assert len(set_at) > 20
    assert sorted(set_at) == list(range(len(set_at)))
    assert first_words == sorted(first_words)


def test_a_part_in_another_language_says_so() -> None:
    pdf = made()
    assert "en" in {str(element.Lang) for element in tags(pdf) if "/Lang" in element}


def test_links_lead_to_places_in_it_and_to_addresses_of_the_site() -> None:
    pdf = made()
    [sheet] = pdf.pages
    actions = [note.A for note in sheet.Annots if "/A" in note]
    assert "https://example.org/claims/x/" in {str(action.URI) for action in actions if "/URI" in action}
    assert sum("/Dest" in note or "/D" in note.get("/A", {}) for note in sheet.Annots) == 2


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "#nowhere", "file:///etc/passwd"]
)
def test_other_links_are_words(href: str) -> None:
    pdf = made(f'<main><h1>Il ponte</h1><p>Vai <a href="{href}">qui</a>.</p></main>')
    assert "/Link" not in names(pdf)
    assert "/Annots" not in pdf.pages[0]


def test_a_picture_has_its_words_and_one_that_is_not_here_is_its_words() -> None:
    shown = '<figure><img src="/a.png" alt="Il ponte di notte"><figcaption>Ieri</figcaption></figure>'
    html = f"<main><h1>Il ponte</h1>{shown}</main>"
    pdf = made(html, pictures={"/a.png": dot()})
    [figure] = [element for element in tags(pdf) if element.S == "/Figure"]
    assert str(figure.Alt) == "Il ponte di notte"
    assert "/Figure" not in names(made(html))
    assert "[Il ponte di notte]" in list(tagged_pdf.words(html, SHEET))


def test_words_cannot_command_the_typesetter() -> None:
    html = '<main><h1>#panic("x")</h1><p>#read("/etc/passwd") *a* _b_ $c$ `d` \\ &lt;e&gt; @f = g</p></main>'
    text = PdfReader(io.BytesIO(tagged_pdf.page(html, SHEET))).pages[0].extract_text()
    assert letters('#panic("x")#read("/etc/passwd") *a* _b_ $c$ `d` \\ <e> @f = g') in letters(text)


def test_a_script_without_letters_here_is_tagged_without_the_claim_of_pdf_ua() -> None:
    pdf = made("<main><h1>Il ponte</h1><p>\U0001333a\U00012345</p></main>")
    with pdf.open_metadata() as told:
        assert "pdfuaid:part" not in told
    assert pdf.Root.MarkInfo.Marked
    assert "/P" in names(pdf)


def test_the_same_page_is_the_same_file() -> None:
    assert tagged_pdf.page(PAGE, SHEET) == tagged_pdf.page(PAGE, SHEET)


def test_an_empty_page_is_an_empty_sheet() -> None:
    assert len(made("<main></main>").pages) == 1


def test_its_tones_are_the_light_ones_of_the_pages() -> None:
    tokens = Path("static/css/tokens.css").read_text(encoding="utf-8")
    layout = Path("newsroom/formats/tagged_pdf.typ").read_text(encoding="utf-8")
    named = dict(re.findall(r'^#let (\w+) = rgb\("(#\w+)"\)', layout, re.MULTILINE))
    named |= dict(re.findall(r'^  "(\w+)": rgb\("(#\w+)"\)', layout, re.MULTILINE))
    light = dict(re.findall(r"--(\w+): light-dark\((#\w+),", tokens))
    assert len(named) == 9
    assert {name: light["rule" if name == "hairline" else name] for name in named} == named


def dot() -> bytes:
    """A PNG of one point."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\1\2\3"))
        + chunk(b"IEND", b"")
    )
