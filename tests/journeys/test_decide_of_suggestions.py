"""A program proposes the tags of a text; a reporter decides with keys alone, and readers see no more."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from newsroom.actions import articles
from newsroom.models import Article, Mention, Suggestion, User
from tests.journeys.axe import violations
from tests.making import make_article, make_entity, make_source, make_suggestion
from tests.public_pages import seed_article
from tests.reading import said_by, tree
from tests.test_comments_stay_inside import public_patterns
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]


@pytest.fixture
def article(live: str) -> Article:
    """Two names that are known, one twice; one that is not; a claim; who says it."""
    article = make_article(published_at=None, slug="il-ponte-nuovo")
    make_suggestion(article, "Il ponte", offers=[make_entity(name="Ponte di Sopra")], reasons=[["alias", []]])
    make_suggestion(
        article, "la sindaca", offers=[make_entity(name="Ada Neri"), make_entity(name="Eva Neri")]
    )
    make_suggestion(
        article,
        "Il ponte sarà aperto a maggio",
        ("cue", "ha detto"),
        ("source", "la sindaca"),
        kind="attribution",
        offers=[make_source(name="La sindaca Neri")],
    )
    make_suggestion(article, "Costerà dieci milioni di euro", kind="claim", reasons=[["figure", []]])
    make_suggestion(article, "Secondo i tecnici", entity_kind="organisation", reasons=[["capital", []]])
    return article


@pytest.fixture
def tagging(page: Page, sign_in: SignIn, reporter: User, article: Article) -> Page:
    sign_in(page, reporter)
    page.goto(f"/desk/articles/{article.slug}/tags/")
    return page


def said(page: Page, *parts: str) -> None:
    for part in parts:
        # What draws the whole list again takes a while on a busy machine.
        expect(page.locator("#said")).to_contain_text(part, timeout=20_000)
    expect(page.locator("#pane")).to_be_focused()


def states(article: Article) -> dict[str, str]:
    found = Suggestion.objects.of(article).select_related("annotation")
    return {one.annotation.targets.filter(role="content").get().exact: one.annotation.state for one in found}


def test_with_keys_alone_they_are_accepted_rejected_and_corrected(tagging: Page, article: Article) -> None:
    press = tagging.keyboard.press
    tagging.locator("#pane").focus()
    press("y")
    said(tagging, "Vai prima a una proposta")
    press("n")
    said(tagging, "Proposta 1/5: «Il ponte", "confidenza alta")
    press("n")
    press("p")
    press("n")
    said(tagging, "Proposta 2/5")
    press("p")
    said(tagging, "Proposta 1/5")

    # Accepted, whatever of the two stands first: the next one is said at once.
    press("y")
    said(tagging, "Accettata: «Il ponte", "Proposta 1/4")
    press("u")
    said(tagging, "Annullato")
    expect(tagging.locator(".suggestion")).to_have_count(5)
    expect(tagging.locator(".tag-line")).to_have_count(0)
    while "la sindaca" not in tagging.locator(".suggestion[aria-current] .suggestion-words").text_content():
        press("n")
    press("x")
    said(tagging, "Rifiutata: «la sindaca»")

    # Corrected: other words, before it is accepted.
    while "Secondo i tecnici" not in tagging.locator("[aria-current] .suggestion-words").text_content():
        press("n")
    tagging.locator(".suggestion[aria-current] .why summary").focus()
    press("Enter")
    tagging.locator(".suggestion[aria-current] [data-correct]").focus()
    press("Enter")
    expect(tagging.locator("#tag-form h2").first).to_have_text("Correggi la proposta")
    words = tagging.get_by_label("Parole", exact=True)
    words.focus()
    press("Control+a")
    tagging.keyboard.type("i tecnici")
    press("Control+Enter")
    said(tagging, "Accettata e corretta: «i tecnici»")
    expect(tagging.locator("#pane .entity")).to_have_text("i tecnici")

    # The claim: a new one, not yet checked.
    while "Costerà" not in tagging.locator("[aria-current] .suggestion-words").text_content():
        press("n")
    press("y")
    said(tagging, "Accettata: «Costerà dieci milioni di euro»")
    expect(tagging.locator("#pane .claim")).to_have_text("Costerà dieci milioni di euro")
    assert tagging.locator("#pane [data-o]").all_text_contents() == article.current_revision.text.split("\n")
    assert states(article) == {
        "Il ponte": "suggested",
        "la sindaca": "rejected",
        "Il ponte sarà aperto a maggio": "suggested",
        "Costerà dieci milioni di euro": "accepted",
        "i tecnici": "accepted",
    }


def test_all_of_one_name_with_one_key(tagging: Page, article: Article) -> None:
    entity = make_entity(name="Ponte vecchio")
    for words in ("Il ponte vecchio", "le prove"):
        make_suggestion(article, words, offers=[entity])
    tagging.goto(f"/desk/articles/{article.slug}/tags/?kind=mention&order=confidence")
    tagging.locator("#pane").focus()
    tagging.keyboard.press("n")
    while "Il ponte vecchio" not in tagging.locator("[aria-current] .suggestion-words").text_content():
        tagging.keyboard.press("n")
    tagging.keyboard.press("Shift+Y")
    said(tagging, "Accettate: Ponte vecchio, in 2 punti.")
    expect(tagging.locator(".suggestion")).to_have_count(3)
    assert Mention.objects.filter(entity=entity).count() == 2


def test_letters_in_a_field_decide_nothing(tagging: Page, article: Article) -> None:
    tagging.locator("#pane").focus()
    tagging.keyboard.press("n")
    tagging.get_by_text("Segna delle parole scrivendole").click()
    tagging.get_by_label("Le parole esatte").press_sequentially("nyxp")
    assert set(states(article).values()) == {"suggested"}


def test_with_the_focus_in_the_list_it_goes_to_the_next_row(tagging: Page, article: Article) -> None:
    rows = tagging.locator(".suggestion")
    first = rows.nth(0).get_attribute("id")
    rows.nth(0).locator("[data-reject]").focus()
    tagging.keyboard.press("Enter")
    expect(tagging.locator(f"#{first}")).to_have_count(0)
    expect(rows.nth(0).locator("[data-reject]")).to_be_focused()


def test_what_is_pending_is_marked_and_the_text_stays_as_it_is(tagging: Page, article: Article) -> None:
    counted = "kind => CSS.highlights.get(`suggested-${kind}`)?.size"
    assert [tagging.evaluate(counted, kind) for kind in ("mention", "claim", "attribution")] == [3, 1, 1]
    expect(tagging.locator("#pane [data-a]")).to_have_count(0)
    tagging.goto(f"/desk/articles/{article.slug}/tags/?kind=claim")
    assert [tagging.evaluate(counted, kind) for kind in ("mention", "claim", "attribution")] == [0, 1, 0]


def test_a_click_on_underlined_words_goes_to_their_row(tagging: Page, article: Article) -> None:
    x, y = tagging.evaluate(
        """() => {
            const [range] = CSS.highlights.get("suggested-claim");
            const box = range.getClientRects()[0];
            return [box.x + box.width / 2, box.y + box.height / 2];
        }"""
    )
    tagging.mouse.click(x, y)
    expect(tagging.locator(".suggestion[aria-current] .suggestion-words")).to_contain_text("Costerà")
    tagging.locator("#pane").focus()
    tagging.keyboard.press("x")
    said(tagging, "Rifiutata: «Costerà dieci milioni di euro»")


def test_without_javascript_rows_are_forms(
    watched: WatchedBrowser, sign_in: SignIn, reporter: User, article: Article
) -> None:
    page = watched.open(java_script_enabled=False)
    sign_in(page, reporter)
    page.goto(f"/desk/articles/{article.slug}/tags/")
    page.get_by_text("Quali, e in che ordine").click()
    page.get_by_label("Tipo", exact=True).select_option("mention")
    page.get_by_role("button", name="Applica").click()
    expect(page.locator(".suggestion")).to_have_count(3)
    page.get_by_role("button", name="Rifiuta: Il ponte").click()
    expect(page.get_by_text("Rifiutata: «Il ponte».")).to_be_visible()
    assert "kind=mention" in page.url
    page.get_by_role("link", name="Frase per frase").click()
    page.get_by_role("button", name="Accetta: la sindaca").click()
    expect(page.get_by_text("Accettata: «la sindaca».")).to_be_visible()
    page.locator(".suggestion", has_text="Secondo i tecnici").locator(".why summary").click()
    page.locator(".suggestion", has_text="Secondo i tecnici").locator("[data-correct]").click()
    page.get_by_label("Parole", exact=True).fill("i tecnici")
    page.get_by_role("button", name="Accetta così").click()
    expect(page.get_by_text("Accettata e corretta: «i tecnici».")).to_be_visible()


@pytest.mark.parametrize("where", ["tags/", "tags/?at_least=high&order=confidence", "tags/sentences/"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_nothing_is_wrong_with_the_list(
    where: str, scheme: str, width: int, page: Page, sign_in: SignIn, reporter: User, article: Article
) -> None:
    sign_in(page, reporter)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/desk/articles/{article.slug}/{where}")
    for why in page.locator(".why summary").all()[:3]:
        why.click()
    if where == "tags/":
        page.locator("#pane").focus()
        page.keyboard.press("n")
        page.keyboard.press("n")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


# A text as it comes in, with the names of the newsroom


@pytest.fixture
def brought(page: Page, sign_in: SignIn, reporter: User, live: str) -> tuple[Page, Article]:
    """The text of the seed, brought in anew by a reporter who stands before its tags."""
    text = seed_article().current_revision.text
    sign_in(page, reporter)
    page.goto("/desk/articles/new/")
    way = page.get_by_role("region", name="Incolla il testo")
    way.get_by_label("Testo", exact=True).fill(text.replace("\n", "\n\n"))
    page.get_by_role("button", name="Mostra come starà").click()
    page.get_by_label("Titolo").fill("Di nuovo")
    page.get_by_label("Diritti").select_option("ours")
    page.get_by_role("button", name="Salva come bozza").click()
    expect(page.locator(".strip-preview")).to_be_visible()
    article = Article.objects.latest("pk")
    page.goto(f"/desk/articles/{article.slug}/tags/")
    return page, article


def test_a_text_that_comes_in_is_tagged_with_keys_alone_and_readers_see_what_was_accepted(
    brought: tuple[Page, Article], client: Client, editor: User
) -> None:
    page, article = brought
    press = page.keyboard.press
    waiting = Suggestion.objects.pending().of(article).count()
    assert waiting > 100
    expect(page.locator("#suggestions-number")).to_have_text(str(waiting))
    page.locator("#pane").focus()
    press("n")
    while current(page) != "mention OpenAI":
        press("n")
    press("Shift+Y")
    said(page, "Accettate: OpenAI", "Proposta")
    named = Mention.objects.filter(annotation__article=article, annotation__state="accepted").count()
    assert named > 10
    press("x")
    said(page, "Rifiutata", "Proposta")
    press("u")
    said(page, "Annullato")
    while not current(page).startswith("claim"):
        press("n")
    press("y")
    expect(page.locator("#pane .claim")).to_have_count(1)
    while not current(page).startswith("claim"):
        press("n")
    press("x")
    said(page, "Rifiutata", "Proposta")

    # Corrected: fewer words, before it is accepted.
    while not current(page).startswith("claim"):
        press("n")
    page.locator(".suggestion[aria-current] .why summary").focus()
    press("Enter")
    page.locator(".suggestion[aria-current] [data-correct]").focus()
    press("Enter")
    words = page.get_by_label("Parole", exact=True)
    whole = words.input_value()
    shorter = whole[: whole.rindex(" ")]
    words.focus()
    press("Control+a")
    page.keyboard.type(shorter)
    press("Control+Enter")
    said(page, "Accettata e corretta", "Proposta")
    assert accepted_claims(article) == 2

    # As something else than was proposed: a name that is a claim.
    while not current(page).startswith("mention"):
        press("n")
    page.locator(".suggestion[aria-current] .why summary").focus()
    press("Enter")
    page.locator(".suggestion[aria-current] [data-correct]").focus()
    press("Enter")
    page.locator(".other-kinds a", has_text="affermazione").focus()
    press("Enter")
    expect(page.locator("#tag-form h2").first).to_have_text("Un’affermazione")
    page.get_by_label("Parole", exact=True).focus()
    press("Control+Enter")
    said(page, "Accettata e corretta", "Proposta")
    assert accepted_claims(article) == 3
    press("u")
    said(page, "Annullato")
    assert accepted_claims(article) == 2

    secret = secrets(article)
    articles.publish(article, by=editor, at=now())
    accepted = {one.code for one in article.annotations.filter(state="accepted")}
    for address in exits(article):
        answer = client.get(address, {"layer": ["claims", "attributions", "entities"]}, follow=True)
        told = said_by(answer)
        assert not [word for word in secret if word in told], address
    shown = tree(client.get(article.get_absolute_url(), {"layer": ["claims", "entities"]}))
    assert len(shown.cssselect(".text .entity")) == named
    assert len(shown.cssselect(".text [role=doc-noteref]")) == 2
    assert len(accepted) == named + 2

    # Taken out at the desk, as every kind of file.
    page.goto(f"/desk{article.get_absolute_url()}")
    first = page.get_by_role("link", name="brat", exact=True).get_attribute("href")
    page.goto(first)
    kinds = page.get_by_label("Formato").locator("option").evaluate_all("all => all.map(one => one.value)")
    assert len(kinds) > 3
    for kind in kinds:
        page.goto(re.sub(r"format=[^&]*", f"format={kind}", first))
        with page.expect_download() as taken:
            page.get_by_role("button", name="Scarica").click()
        with zipfile.ZipFile(taken.value.path()) as packed:
            told = b"".join(packed.read(name) for name in packed.namelist()).decode(errors="replace")
        assert not [word for word in secret if word in told], kind


def accepted_claims(article: Article) -> int:
    return article.annotations.filter(kind="claim", state="accepted").count()


def secrets(article: Article) -> list[str]:
    """What names the tags that nobody accepted: those that wait, that were rejected, that were taken back."""
    others = article.annotations.exclude(state="accepted")
    states_of = set(others.values_list("state", flat=True))
    assert states_of == {"suggested", "rejected", "withdrawn"}
    return [word for one in others for word in (one.code, str(one.uuid))]


def current(page: Page) -> str:
    """What the row says that the letters mean now."""
    row = page.locator(".suggestion[aria-current]")
    return f"{row.get_attribute('data-kind')} {row.locator('.suggestion-words').text_content()}"


def exits(article: Article) -> Iterator[str]:
    """Every public address, with what names this article wherever something has to be named."""
    given = {
        "slug": article.slug, "code": article.code, "address": f"x-{article.code}", "uuid": article.uuid,
        "id": article.uuid, "number": 1, "before": 1, "after": 1, "rest": "nothing", "kind": "articles",
        "secret": "nothing", "uidb36": "1", "key": "set-password", "pk": 1,
    }  # fmt: skip
    for name, pattern in public_patterns():
        yield reverse(name, kwargs={place: given[place] for place in pattern.pattern.converters})
