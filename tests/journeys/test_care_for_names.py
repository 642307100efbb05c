"""A checker merges two names and takes it back, parts one, protects one; with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Entity, EntityAlias, User
from tests.making import make_article, make_entity, make_mention
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]


@pytest.fixture
def pair(live: str) -> tuple[Entity, Entity]:
    article = make_article(slug="ponte", headline="Il ponte")
    one, other = make_entity(name="Ada Nerissima"), make_entity(name="La Nerissima")
    EntityAlias.objects.create(entity=one, name="la nerissima")
    make_mention(article, "la sindaca", entity=other)
    make_mention(article, "i tecnici", entity=other)
    return one, other


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def desk(request: pytest.FixtureRequest, watched: WatchedBrowser, sign_in: SignIn, checker: User) -> Page:
    page = watched.open(java_script_enabled=request.param)
    sign_in(page, checker)
    return page


def fresh(entity: Entity) -> Entity:
    return Entity.objects.get(pk=entity.pk)


def test_doubles_are_merged_after_a_look_and_parted_again(desk: Page, pair: tuple[Entity, Entity]) -> None:
    one, other = pair
    desk.goto("/desk/entities/?state=duplicates")
    twin = desk.locator(".twins li").filter(has_text="La Nerissima")
    twin.get_by_role("link", name="Confronta e unisci").click()
    expect(desk.get_by_text("2 menzioni")).to_be_visible()
    desk.get_by_role("button", name="Unisci", exact=True).click()
    expect(desk.get_by_role("status").first).to_contain_text("Uniti")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ada Nerissima")
    assert fresh(other).merged_into == one

    desk.goto(other.get_absolute_url())
    expect(desk).to_have_url(one.get_absolute_url())
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ada Nerissima")

    desk.goto(f"/desk/entities/{one.code}/")
    desk.get_by_role("button", name="Annulla l’unione").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("La Nerissima")
    assert fresh(other).merged_into is None
    assert other.mentions.count() == 2


def test_a_name_is_parted_by_choosing_its_mentions(desk: Page, pair: tuple[Entity, Entity]) -> None:
    _one, other = pair
    desk.goto(f"/desk/entities/{other.code}/")
    desk.get_by_role("checkbox", name="i tecnici").check()
    desk.get_by_label("Come si chiama l’altro").fill("I tecnici del Comune")
    desk.get_by_label("Tipo").select_option("organisation")
    desk.get_by_role("button", name="Dividi").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("I tecnici del Comune")
    assert Entity.objects.get(name="I tecnici del Comune").mentions.count() == other.mentions.count() == 1


def test_a_protected_name_is_gone_from_the_article_at_once(desk: Page, pair: tuple[Entity, Entity]) -> None:
    _one, other = pair
    desk.goto("/articles/ponte/?layer=entities")
    expect(desk.get_by_role("link", name="la sindaca")).to_be_visible()
    desk.goto(f"/desk/entities/{other.code}/")
    desk.get_by_text("Tutela…").click()
    desk.get_by_label("minore").check()
    desk.get_by_label("Perché, per la redazione").fill("Ha dodici anni.")
    desk.get_by_role("button", name="Tutela", exact=True).click()
    expect(desk.get_by_text("Ha dodici anni.")).to_be_visible()
    desk.goto("/articles/ponte/?layer=entities")
    expect(desk.get_by_role("link", name="la sindaca")).to_have_count(0)
    expect(desk.get_by_text("La Nerissima")).to_have_count(0)


def test_names_are_found_while_one_types(page: Page, sign_in: SignIn, checker: User, pair: object) -> None:
    sign_in(page, checker)
    page.goto("/desk/entities/")
    page.get_by_label("Nome, alias").press_sequentially("neriss")
    expect(page.locator(".entity-lines > li")).to_have_count(2)
    expect(page.get_by_label("Nome, alias")).to_be_focused()
    expect(page.locator("#entities [role=status]")).to_have_text("2 nomi")


def test_a_reporter_looks_and_merges_nothing(
    page: Page, sign_in: SignIn, reporter: User, pair: tuple[Entity, Entity]
) -> None:
    sign_in(page, reporter)
    page.goto(f"/desk/entities/{pair[1].code}/")
    expect(page.get_by_role("link", name="Unisci a un altro nome")).to_have_count(0)
    expect(page.get_by_role("button", name="Dividi")).to_have_count(0)
    expect(page.get_by_text("Tutela…")).to_be_visible()
