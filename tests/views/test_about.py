"""The newsroom's own pages, as readers find them: now, before, and in the language that there is."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from newsroom.actions import pages
from newsroom.actions.reader_addresses import TO_CONFIRM
from newsroom.models import Page, User
from tests.making import LATER, make_page
from tests.public_pages import PAGES, unwritten_notice
from tests.reading import tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(editor: User) -> Page:
    page = make_page(slug="chi-siamo", title="Chi siamo", text="Una redazione.", note="La prima.")
    words = {"title": "Chi siamo", "text": "Due **redazioni**.", "note": "Sono due."}
    pages.revise(page, based_on=1, by=editor, at=LATER, **words)
    return page


def test_a_reader_sees_the_newest_version_and_who_wrote_it(reader: Client, page: Page, editor: User) -> None:
    html = reader.get("/about/chi-siamo/").content.decode()
    assert "Due <strong>redazioni</strong>" in html
    assert "Una redazione." not in html
    assert f"di {editor.public_name}" in html
    assert 'href="/about/chi-siamo/versions/"' in html


def test_every_version_keeps_its_address(reader: Client, page: Page) -> None:
    listed = reader.get("/about/chi-siamo/versions/").content.decode()
    assert listed.index("Sono due.") < listed.index("La prima.")
    for number in (1, 2):
        assert f'href="/about/chi-siamo/versions/{number}/"' in listed
    then = reader.get("/about/chi-siamo/versions/1/").content.decode()
    assert "Una redazione." in then
    assert "Questa è una versione precedente." in then
    assert '<meta name="robots" content="noindex">' in then
    assert reader.get("/about/chi-siamo/versions/3/").status_code == 404


def test_what_is_not_there_in_a_language_is_shown_in_another_and_says_so(reader: Client, page: Page) -> None:
    shown = reader.get("/en/about/chi-siamo/").content.decode()
    assert '<h1 lang="it">Chi siamo</h1>' in shown
    make_page(slug="chi-siamo", lang="en", title="Who we are")
    assert '<h1 lang="en">Who we are</h1>' in reader.get("/en/about/chi-siamo/").content.decode()
    assert '<h1 lang="it">Chi siamo</h1>' in reader.get("/about/chi-siamo/").content.decode()


def test_the_method_leads_to_the_pages_that_stand_there(reader: Client, page: Page) -> None:
    make_page(slug="nascosta", title="Una bozza", place="")
    html = reader.get(reverse("reader:method")).content.decode()
    assert '<a href="/about/chi-siamo/" lang="it">Chi siamo</a>' in html
    assert "Una bozza" not in html


def test_a_new_version_is_shown_at_once_to_who_has_the_old_one(
    reader: Client, page: Page, editor: User
) -> None:
    had = reader.get("/about/chi-siamo/").headers["ETag"]
    assert reader.get("/about/chi-siamo/", headers={"if-none-match": had}).status_code == 304
    words = {"title": "Chi siamo", "text": "Tre.", "note": "Sono tre."}
    pages.revise(page, based_on=2, by=editor, at=LATER, **words)
    assert reader.get("/about/chi-siamo/", headers={"if-none-match": had}).status_code == 200


def test_nothing_that_is_written_runs(reader: Client) -> None:
    make_page(slug="x", text="<script>alert(1)</script> [qui](javascript:alert(1)) <b onclick=x>b</b>")
    html = reader.get("/about/x/").content.decode()
    main = html[html.index("<main") : html.index("</main")]
    assert "<script" not in main
    assert 'href="javascript' not in main
    assert "<b onclick" not in main


def test_a_page_that_is_not_there_is_not_found(reader: Client) -> None:
    for address in ("/about/niente/", "/about/niente/versions/", "/about/niente/versions/1/"):
        assert reader.get(address).status_code == 404


@pytest.mark.parametrize("name", ["page", "page-versions"])
def test_it_costs_the_same_for_many_versions(
    reader: Client, page: Page, editor: User, name: str, django_assert_max_num_queries
) -> None:
    for number in range(2, 12):
        words = {"title": "Chi siamo", "text": f"Siamo {number}.", "note": "Di più."}
        pages.revise(page, based_on=number, by=editor, at=LATER, **words)
    with translation.override("it"), django_assert_max_num_queries(4):
        reader.get(reverse(f"reader:{name}", args=["chi-siamo"]))


# What is kept on readers


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name.startswith(("flagging", "a link to reply", "following a"))]
)
def test_whoever_is_asked_for_a_name_or_an_address_is_led_to_the_privacy_notice(
    reader: Client, name: str
) -> None:
    main = tree(reader.get(PAGES[name]())).xpath("//main")[0]
    asked = main.xpath(".//form[@method='post']//input[@type='email' or @autocomplete='name']")
    assert bool(asked) == bool(main.xpath(".//a[@href='/about/privacy/']")), name


def test_every_foot_leads_to_the_privacy_notice_also_before_it_is_written(reader: Client) -> None:
    assert "/about/privacy/" in tree(reader.get("/")).xpath("//footer//a/@href")
    assert "dimostrativa" in reader.get("/about/privacy/").content.decode()
    unwritten = reader.get(unwritten_notice())
    assert unwritten.status_code == 200
    assert "La redazione non l’ha ancora scritta." in unwritten.content.decode()
    assert reader.get("/about/privacy/versions/").status_code == 404


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_notice_of_the_seed_says_what_is_set(lang: str) -> None:
    text = Page.objects.get(slug="privacy", lang=lang).versions.get().text
    days = {str(settings.KEEP_DAYS[kind]) for kind in ("address", "letter", "undecided")}
    found = re.findall(r"\b([0-9]+)(?= (?:giorni|days|se nessuno|if nobody))", text)
    assert set(found) == days | {str(TO_CONFIRM.days)}
