"""Words that have to go are found however they are written, and everything else stands as it stood."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text import document as documents
from newsroom.text.document import parse, write
from newsroom.text.folding import fold
from newsroom.text.redaction import (
    HIDDEN_BY,
    MASK,
    Forms,
    Hashed,
    found,
    redacted,
    redacted_data,
    redacted_document,
    redacted_folded,
)

FORMS = Forms.of(["Mario Rossi", "Rossi", "Élodie", "Niccolò D’Amico", "mario.rossi@example.org"])
HASHED = Hashed(b"key", FORMS.hashed(b"key"))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Mario Rossi tace.", f"{MASK} tace."),
        ("Mario  \n Rossi tace.", f"{MASK} tace."),
        ("Mario\xa0Rossi", MASK),
        ("di Rossi, e Rossini", f"di {MASK}, e Rossini"),
        ("i rossi", "i rossi"),
        ("_Mario Rossi_", f"_{MASK}_"),
        ("Niccolo\u0300 D’Amico", MASK),
        ("Mario <em>Rossi</em> tace", f"{MASK}<em></em> tace"),
        ("Mario **Rossi** tace", f"{MASK}**** tace"),
        ("Mario&nbsp;Rossi", MASK),
        ("Niccol&ograve; <b>D’</b>Amico", f"{MASK}<b></b>"),
        ("<p>Mario</p><p>Rossi</p>", f"<p>{MASK}</p><p></p>"),
        ('<img alt="Mario Rossi">', f'<img alt="{MASK}">'),
        (
            "vedi https://x.example/2019/mario-rossi-arrestato",
            f"vedi https://x.example/2019/{MASK}-arrestato",
        ),
        ("vedi https://x.example/Mario%20Rossi", f"vedi {MASK}"),
        ("scrivi a mario.rossi@example.org.", f"scrivi a {MASK}."),
        ("@mariorossi e #MarioRossi", f"@{MASK} e #{MASK}"),
        ("Mario_Rossi.docx", f"{MASK}.docx"),
        ("Rossi\u0304", "Rossi\u0304"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("wanted", [FORMS, HASHED], ids=["words", "hashes"])
def test_a_form_is_found_however_it_is_written(text: str, after: str, wanted: Forms | Hashed) -> None:
    assert redacted(text, wanted) == after


@pytest.mark.parametrize("wanted", [FORMS, HASHED], ids=["words", "hashes"])
def test_of_an_address_plain_letters_remain(wanted: Forms | Hashed) -> None:
    assert redacted("mario-rossi-arrestato", wanted, is_address=True) == "omissis-arrestato"
    assert redacted("il-signor-rossi", wanted, is_address=True) == "il-signor-omissis"
    assert redacted("https://x.example/Rossi/?q=rossi", wanted, is_address=True) == (
        "https://x.example/omissis/?q=omissis"
    )


@pytest.mark.parametrize("wanted", [FORMS, HASHED], ids=["words", "hashes"])
def test_of_a_sort_key_the_folded_form_goes(wanted: Forms | Hashed) -> None:
    assert redacted_folded("niccolo d'amico", wanted) == MASK
    assert redacted_folded("amico", wanted) == "amico"


def test_every_string_of_data_is_rewritten_keys_included() -> None:
    data = {"Rossi": ["Mario Rossi", 3, None, {"a": "di Rossi"}]}
    after = redacted_data(data, lambda text: redacted(text, FORMS))
    assert after == {MASK: [MASK, 3, None, {"a": f"di {MASK}"}]}


@pytest.mark.parametrize("form", ["a", "…", f"Rossi {MASK}", "-"])
def test_a_form_that_would_take_everything_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=re.escape(form)):
        Forms.of([form])


def test_no_hash_tells_its_form_and_another_key_makes_another() -> None:
    kept = FORMS.hashed(b"key")
    assert all("ossi" not in str(one) for one in kept)
    assert not {one[2] for one in kept} & {one[2] for one in FORMS.hashed(b"other")}


HTML = (
    "<p>Ieri Mario <em>Rossi e</em> <strong>altri</strong> tacevano.</p>"
    '<ul><li>Mario<br>Rossi</li><li>Gli altri <a href="https://x.example/mario-rossi">di Rossi</a></li></ul>'
    '<figure><img src="/media/mario-rossi.webp" alt="Mario Rossi">'
    "<figcaption>Rossi, a sinistra</figcaption></figure>"
)


def test_a_text_keeps_its_blocks_and_its_marks() -> None:
    before = parse(HTML)
    after, moves = redacted_document(before, FORMS)
    assert after.text == (
        f"Ieri {MASK} e altri tacevano.\n{MASK}\n{MASK}\nGli altri di {MASK}\n{MASK}, a sinistra"
    )
    assert len(after.blocks) == len(before.blocks)
    html = write(after)
    assert "ossi" not in html and "https://x.example/omissis" in html and "/media/omissis.webp" in html
    assert parse(html) == after
    start = before.text.index("altri tacevano")
    assert after.text[moves.start(start) : moves.end(start + 5)] == "altri"
    inside = before.text.index("Rossi e")
    assert after.text[moves.start(inside) : moves.end(inside + 7)] == f"{MASK} e"


def test_two_links_that_meet_in_a_mask_do_not_overlap() -> None:
    before = parse(
        '<p><a href="https://a.example/">Mario</a> <a href="https://b.example/">Rossi tace</a>.</p>'
    )
    after, _moves = redacted_document(before, FORMS)
    assert parse(write(after)) == after
    assert after.text == f"{MASK} tace."
    kept = [(after.text[one.start : one.end], one.href) for one in after.blocks[0].inlines]
    assert kept == [(MASK, "https://a.example/"), ("tace", "https://b.example/")]


PIECES = st.sampled_from(
    ["Mario", "Rossi", "Mario Rossi", "rossi", "Niccolò", "Élodie", "E\u0301lodie", "elodie",
     "D’Amico", "Rossini", " ", "\xa0", "<em>", "</em>",
     "<b>", "</b>", "<br>", "<p>", "</p>", ".", ",", "’", "e\u0301", "\u0304", "-", "_", "/", "@", "*",
     "&amp;", "&nbsp;", "<li>", "x", "🌉", '<a href="https://x.example/mario-rossi">', "</a>", "<code>",
     "</code>"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
def test_nothing_that_was_looked_for_is_left_and_nothing_more_is_done(text: str) -> None:
    after = redacted(text, FORMS)
    assert found(unicodedata.normalize("NFC", after), FORMS) == []
    assert redacted(after, FORMS) == after
    assert redacted(text, HASHED) == after


@given(TEXTS)
def test_what_is_passed_by_at_first_sight_has_no_form(text: str) -> None:
    """By letters and digits alone, or as a database may ask: neither loses what a full look finds."""
    composed = unicodedata.normalize("NFC", text)
    if redacted(text, HASHED) == text:
        return
    assert FORMS.may_stand_in(composed)
    parts = FORMS.plain_parts()
    assert any(one in text for one in HIDDEN_BY) or any(one.lower() in text.lower() for one in parts)


@pytest.mark.parametrize(
    ("form", "part"),
    [
        ("Éva Rossi", "Rossi"),
        ("Élodie", "lodie"),
        ("Niccolò", "Niccol"),
        ("Ça ira", "ira"),
        ("D’Amico", "Amico"),
    ],
)
def test_a_form_is_looked_for_by_its_longest_plain_letters(form: str, part: str) -> None:
    """However its accents are written: as one character, as two, or not at all."""
    assert Forms.of([form]).plain_parts() == (part,)
    for written in (form, unicodedata.normalize("NFD", form), fold(form)):
        assert part.lower() in written.lower()


def test_where_a_form_has_no_plain_letter_every_text_is_looked_into() -> None:
    assert Forms.of(["Rossi", "Žižić"]).plain_parts() is not None
    assert Forms.of(["Rossi", "Жуков"]).plain_parts() is None


@given(TEXTS)
def test_a_document_stays_one_and_every_offset_follows(html: str) -> None:
    before = parse(html)
    after, moves = redacted_document(before, FORMS)
    assert parse(write(after)) == after
    assert found(after.text, FORMS) == []
    assert redacted_document(after, FORMS)[0] == after
    assert documents.Document.from_data(after.text, after.to_data()) == after
    for start in range(len(before.text)):
        for end in (start + 1, len(before.text)):
            assert 0 <= moves.start(start) < moves.end(end) <= len(after.text)
    untouched = [
        place for place in range(len(before.text)) if not any(s <= place < e for s, e in moves.places)
    ]
    assert all(before.text[place] == after.text[moves.start(place)] for place in untouched)
