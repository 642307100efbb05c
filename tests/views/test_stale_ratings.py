"""A rating whose words changed: the strip, the note, the card and the page of the claim say so at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from newsroom.models import Appearance, Article, User
from tests.actions.revising import revise
from tests.making import make_appearance, make_article, make_review
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def appearance(editor: User) -> Appearance:
    """A claim that was rated on «dieci milioni», which reads «dodici milioni» since a correction."""
    appearance = make_appearance(make_article(), "dieci milioni")
    make_review(appearance)
    revise(appearance.annotation.article, ("dieci", "dodici"), by=editor)
    return appearance


def changed_in(part: html.HtmlElement) -> tuple[str, str]:
    """The words that went and those that came, as a part of a page shows them."""
    return tuple(
        part.xpath(f"string(.//*[contains(@class, 'changes')]//{tag}/text())") for tag in ("del", "ins")
    )


def test_the_note_in_the_margin_shows_what_changed_and_since_when(
    appearance: Appearance, reader: Client
) -> None:
    page = tree(reader.get(appearance.annotation.article.get_absolute_url()))
    note = page.get_element_by_id(f"note-{appearance.claim.code}")
    assert changed_in(note) == ("dieci", "dodici")
    assert "Il testo è cambiato il 7 maggio 2024" in note.text_content()
    assert "Da riverificare" in note.text_content()


@pytest.mark.parametrize("address", ["", "card/"])
def test_the_claim_and_its_card_show_what_changed(
    appearance: Appearance, address: str, reader: Client
) -> None:
    page = tree(reader.get(appearance.claim.get_absolute_url() + address))
    assert changed_in(page) == ("dieci", "dodici")
    assert "Il testo è cambiato il 7 maggio 2024" in page.text_content()


def test_the_linear_reading_and_the_excerpts_show_it_too(appearance: Appearance, reader: Client) -> None:
    article = appearance.annotation.article
    assert changed_in(tree(reader.get(article.get_absolute_url() + "?layer=linear"))) == ("dieci", "dodici")
    Article.objects.filter(pk=article.pk).update(rights="quotation")
    assert changed_in(tree(reader.get(article.get_absolute_url()))) == ("dieci", "dodici")


@pytest.mark.parametrize("query", ["", "?layer=none", "?rating=true", "?layer=linear"])
def test_the_strip_of_a_correction_names_what_is_being_checked_again(
    appearance: Appearance, query: str, reader: Client
) -> None:
    answer = reader.get(appearance.annotation.article.get_absolute_url() + query)
    (strip,) = tree(answer).xpath("//*[@class='corrections']")
    assert "Il costo." in strip.text_content()
    assert "Di nuovo in verifica: «dodici milioni»" in strip.text_content()
    assert strip.xpath(".//a/@href")[-1] == appearance.claim.get_absolute_url()
    assert faults(answer) == []


def test_a_correction_names_no_claim_whose_rating_still_holds(editor: User, reader: Client) -> None:
    article = make_article()
    make_review(make_appearance(article, "le prove sono finite"))
    make_appearance(article, "dieci milioni")
    revise(article, ("dieci", "dodici"), by=editor)
    (strip,) = tree(reader.get(article.get_absolute_url())).xpath("//*[@class='corrections']")
    assert "nuovo in verifica" not in strip.text_content()


def test_words_that_are_gone_are_said_to_be_gone(editor: User, reader: Client) -> None:
    appearance = make_appearance(make_article(), "Costerà dieci milioni di euro")
    make_appearance(make_article(), "Il ponte vecchio", claim=appearance.claim)
    make_review(appearance)
    revise(appearance.annotation.article, (" Costerà dieci milioni di euro.", ""), by=editor)
    card = tree(reader.get(appearance.claim.get_absolute_url() + "card/"))
    assert "Non sono più nel testo." in card.text_content()
    assert changed_in(card) == ("Costerà dieci milioni di euro", "")


def test_words_that_changed_in_a_draft_are_not_told(editor: User, reader: Client) -> None:
    appearance = make_appearance(make_article(), "dieci milioni")
    elsewhere = make_appearance(make_article(), "Il ponte vecchio", claim=appearance.claim).annotation.article
    make_review(appearance)
    revise(appearance.annotation.article, ("dieci", "dodici"), by=editor)
    Article.objects.filter(pk=appearance.annotation.article.pk).update(published_at=None)
    for address in (
        appearance.claim.get_absolute_url(),
        f"{appearance.claim.get_absolute_url()}card/",
        elsewhere.get_absolute_url(),
    ):
        said = reader.get(address).content.decode()
        assert "Da riverificare" in said and "dodici" not in said


def test_after_many_corrections_the_last_is_in_sight_and_the_others_are_folded(
    editor: User, reader: Client
) -> None:
    article = make_article()
    for was, now in (("dieci", "undici"), ("undici", "dodici"), ("dodici", "tredici"), ("tredici", "venti")):
        revise(article, (was, now), by=editor, note=f"{now} milioni.")
    answer = reader.get(article.get_absolute_url())
    said = [
        [note.text_content() for note in part.xpath(".//span[@lang='it']")]
        for part in (
            tree(answer).xpath("//main/div[@class='corrections']")[0],
            tree(answer).xpath("//main/details[@class='corrections']")[0],
        )
    ]
    assert said == [["venti milioni."], ["tredici milioni.", "dodici milioni.", "undici milioni."]]
    assert faults(answer) == []


def test_a_stale_rating_costs_the_article_no_query_for_each(editor: User, reader: Client) -> None:
    counted = []
    for number in (2, 8):
        article = make_article()
        for _time in range(number):
            make_review(make_appearance(article, "dieci milioni"))
        revise(article, ("dieci", "dodici"), by=editor)
        with CaptureQueriesContext(connection) as queries:
            reader.get(article.get_absolute_url())
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 16
