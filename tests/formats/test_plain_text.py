"""Plain text: what a blank line, a line end and a first line mean."""

from __future__ import annotations

from newsroom.formats.plain_text import read

BROKEN = (
    "Prima riga di un testo che un programma di posta ha spezzato\n"
    "dopo settanta caratteri circa, come si usava un tempo quando la\n"
    "rete era giovane e gli schermi erano stretti.\n"
)


def test_blank_lines_part_paragraphs() -> None:
    assert read("Uno è uno.\n\n \t\nDue.\r\n\r\nTre.").html == "<p>Uno è uno.</p>\n<p>Due.</p>\n<p>Tre.</p>"


def test_a_first_line_of_its_own_is_the_headline() -> None:
    made = read("\n  Il ponte è chiuso \n\nLo dice la sindaca.")
    assert (made.headline, made.html) == ("Il ponte è chiuso", "<p>Lo dice la sindaca.</p>")


def test_a_first_sentence_is_no_headline() -> None:
    for text in ("Il ponte è chiuso.\n\nLo dice la sindaca.", f"{'a' * 141}\n\nDopo.", "Riga\nriga\n\nDopo."):
        assert read(text).headline == ""


def test_a_text_of_one_line_is_text() -> None:
    assert read("Il ponte è chiuso").html == "<p>Il ponte è chiuso</p>"


def test_lines_that_a_program_broke_are_joined() -> None:
    assert read(BROKEN).document.text == " ".join(BROKEN.split())


def test_lines_that_somebody_ended_stay() -> None:
    verse = "Nel mezzo del cammin di nostra vita\nmi ritrovai per una selva oscura,\nché la diritta via."
    assert read(verse).document.text == verse


def test_markup_is_only_text() -> None:
    assert read("Un <b>tag</b> & un segno.").html == "<p>Un &lt;b&gt;tag&lt;/b&gt; &amp; un segno.</p>"
