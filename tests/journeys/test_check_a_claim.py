"""From a claim to its published review, and a reader who follows it: with the mouse, with keys alone, and
without JavaScript; with colleagues in between, and with everybody who may not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from newsroom.actions import annotations, claims, reviews
from newsroom.models import Article, Claim, Review, User
from tests.journeys.axe import violations
from tests.making import THEN, level, make_article, make_claim, make_document, make_evidence
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]
WORDS = "Costerà dieci milioni di euro"
WORDING = "Il nuovo ponte costerà dieci milioni di euro."


@pytest.fixture
def article(live: str) -> Article:
    return make_article(slug="ponte", headline="Il ponte di Ada")


def tag(article: Article, reporter: User) -> Claim:
    """The reporter tags the words; how is told by the journeys of tagging."""
    start = article.current_revision.text.index(WORDS)
    place = annotations.Place(start, start + len(WORDS), WORDS)
    claim = claims.add(text=WORDING, by=reporter, at=THEN)
    annotations.tag_claim(article, claim=claim, places=[place], by=reporter, at=THEN, based_on=1)
    return claim


def said(page: Page) -> Locator:
    """What is told after a deed: spoken on the spot, or at the head of the page that came."""
    return page.locator("#said, .messages")


def panel(page: Page, state: str) -> Locator:
    return page.locator(".panel-strong", has_text=state)


def focus_is_somewhere(page: Page) -> None:
    expect(page.locator("main :focus")).to_have_count(1)


def reader_sees(page: Page, claim: Claim, *lines: str) -> None:
    page.context.clear_cookies()
    page.goto(claim.get_absolute_url())
    for line in lines:
        expect(page.locator("main")).to_contain_text(line)


# With the mouse


def test_a_claim_is_tagged_checked_approved_published_and_followed(
    page: Page, sign_in: SignIn, article: Article, reporter: User, checker: User, editor: User
) -> None:
    claim = tag(article, reporter)

    sign_in(page, checker)
    page.goto("/desk/reviews/")
    page.get_by_role("link", name=WORDING).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDING)
    expect(page.locator(".passage")).to_contain_text("ha detto la sindaca. Costerà dieci milioni di euro.")

    page.locator("#claim-assignment summary").click()
    page.get_by_role("combobox", name="Chi la verifica").select_option("checker")
    page.locator("#claim-assignment").get_by_role("button", name="Assegna").click()
    expect(said(page)).to_contain_text("Assegnata a")
    expect(page.locator("#assignment-title")).to_be_focused()

    page.locator("#rate-summary").fill("Costa dodici milioni.")
    page.locator("#add-evidence").click()
    form = page.locator("#evidence-form")
    form.get_by_text("Se è nuovo").click()
    form.get_by_label("Titolo").fill("Delibera 7 della giunta")
    form.get_by_label("Contro").check()
    form.get_by_label("Parole esatte").fill("la spesa di dodici milioni")
    form.get_by_label("Quanto è stato verificato").select_option("whole")
    form.get_by_label("Tipo").select_option("primary")
    form.get_by_role("button", name="Aggiungi").click()
    expect(page.locator("#claim-evidence blockquote")).to_have_text("«la spesa di dodici milioni»")
    expect(page.locator("#evidence-heading")).to_be_focused()
    # What was typed elsewhere on the page is still there.
    expect(page.locator("#rate-summary")).to_have_value("Costa dodici milioni.")

    page.get_by_text("Dichiara se accusa qualcuno").click()
    page.locator("#claim-accusation").get_by_label("No", exact=True).check()
    page.locator("#claim-accusation").get_by_role("button", name="Salva").first.click()
    expect(page.locator("#claim-accusation")).to_contain_text("Non accusa nessuno.")
    expect(page.locator("#accusation-title")).to_be_focused()

    rating = page.locator("#rating")
    rating.get_by_role("radio", name="Falso").check()
    rating.get_by_label("Motivazione").fill("Lo dice la *delibera*.\n\n- prima voce\n- seconda voce")
    rating.get_by_role("button", name="Proponi").click()
    expect(panel(page, "proposta")).to_be_visible()
    expect(page.locator("#claim-title")).to_be_focused()
    expect(panel(page, "proposta").get_by_role("button", name="Approva")).to_have_count(0)

    page.context.clear_cookies()
    sign_in(page, editor)
    page.goto("/desk/")
    page.locator("#to-approve + ul").get_by_role("link", name=WORDING).click()
    panel(page, "proposta").get_by_role("button", name="Approva", exact=True).click()
    expect(panel(page, "approvata")).to_be_visible()
    focus_is_somewhere(page)
    panel(page, "approvata").get_by_role("button", name="Pubblica").click()
    expect(said(page)).to_contain_text("Pubblicata")
    focus_is_somewhere(page)
    reader_sees(page, claim, "Falso", "Costa dodici milioni.", "Delibera 7 della giunta", "prima voce")

    first = claim.reviews.get()
    second = reviews.propose(
        claim, level=level("partly"), summary="Dieci erano all’inizio.", by=checker, at=first.published_at
    )
    sign_in(page, editor)
    page.goto(f"/desk/claims/{claim.code}/")
    page.get_by_role("button", name="Approva e pubblica").click()
    expect(said(page)).to_contain_text("Pubblicata")
    second.refresh_from_db()
    assert second.supersedes == first
    reader_sees(page, claim, "Dieci erano all’inizio.", "Costa dodici milioni.", "Superata")


# With keys alone


def press_until(page: Page, key: str, there: Locator) -> None:
    """As often as it takes, and no more than a person would."""
    for _time in range(60):
        if there.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} does not lead to {there}")


def test_a_claim_is_checked_and_published_with_keys_alone(
    page: Page, sign_in: SignIn, article: Article, reporter: User, checker: User, editor: User
) -> None:
    claim = tag(article, reporter)
    make_document(title="Delibera 7 della giunta", kind="primary")
    sign_in(page, checker)
    page.goto(f"/desk/claims/{claim.code}/")

    page.keyboard.press("e")
    expect(page.locator("#evidence-q")).to_be_focused()
    page.keyboard.type("delib")
    expect(page.locator("#found-documents").get_by_role("radio", name="Delibera 7")).to_be_visible()
    press_until(page, "Tab", page.locator("#found-documents input").last)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found-documents").get_by_role("radio", name="Delibera 7")).to_be_checked()
    press_until(page, "Tab", page.locator("#evidence-form [name=evidence-stance]").first)
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", page.locator("#evidence-form [name=evidence-quotation]"))
    page.keyboard.type("la spesa di dodici milioni")
    press_until(page, "Tab", page.locator("#evidence-form [name=evidence-checked]"))
    page.keyboard.press("End")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#claim-evidence blockquote")).to_have_text("«la spesa di dodici milioni»")
    expect(page.locator("#evidence-heading")).to_be_focused()

    page.keyboard.press("5")
    expect(page.locator("#rating [name=rate-level]:focus")).to_be_checked()
    page.keyboard.press("s")
    page.keyboard.type("123")  # digits are digits in a field
    expect(page.locator("#rate-summary")).to_have_value("123")
    page.keyboard.press("Control+a")
    page.keyboard.type("Costa dodici milioni.")
    page.keyboard.press("Escape")
    expect(page.locator("#rating-title")).to_be_focused()
    page.keyboard.press("s")
    page.keyboard.press("Control+Enter")
    expect(panel(page, "proposta")).to_be_visible()
    expect(page.locator("#claim-title")).to_be_focused()

    claim.refresh_from_db()
    page.context.clear_cookies()
    sign_in(page, editor)
    page.goto(f"/desk/claims/{claim.code}/")
    page.keyboard.press("d")
    expect(page.locator("[data-waiting]")).to_be_focused()
    press_until(page, "Tab", page.get_by_role("button", name="Approva e pubblica"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Indica prima se l’affermazione accusa")
    focus_is_somewhere(page)
    press_until(page, "Shift+Tab", page.locator("#claim-accusation summary").first)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#claim-accusation")).to_contain_text("Non accusa nessuno.")
    page.keyboard.press("d")
    press_until(page, "Tab", page.get_by_role("button", name="Approva e pubblica"))
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Pubblicata")
    focus_is_somewhere(page)
    assert claim.reviews.get().state == Review.State.PUBLISHED


def test_the_keys_can_be_switched_off(page: Page, sign_in: SignIn, checker: User, live: str) -> None:
    claim = make_claim()
    sign_in(page, checker)
    page.goto(f"/desk/claims/{claim.code}/")
    page.keyboard.press("?")
    switch = page.locator("[data-keys] input")
    expect(switch).to_be_visible()
    switch.uncheck()
    page.keyboard.press("3")
    assert page.locator("#rating [name=rate-level]:checked").count() == 0
    page.reload()
    page.keyboard.press("3")
    assert page.locator("#rating [name=rate-level]:checked").count() == 0


def test_characters_are_counted_as_they_are_typed_and_spoken_when_few_are_left(
    page: Page, sign_in: SignIn, checker: User, live: str
) -> None:
    sign_in(page, checker)
    page.goto(f"/desk/claims/{make_claim().code}/")
    summary, count = page.locator("#rate-summary"), page.locator("counted-text .count")
    expect(count).to_have_text("0 / 160")
    summary.fill("è😀" * 40)
    expect(count).to_have_text("80 / 160")
    expect(page.locator("counted-text [role=status]")).to_be_empty()
    summary.fill("è" * 150)
    expect(page.locator("counted-text [role=status]")).to_have_text("ancora 10 caratteri")
    summary.fill("è" * 163)
    expect(page.locator("counted-text [role=status]")).to_have_text("3 caratteri di troppo")
    assert page.evaluate("document.activeElement.id") == "rate-summary"


# Without JavaScript


def test_without_javascript_everything_is_done_by_forms(
    watched: WatchedBrowser, sign_in: SignIn, article: Article, reporter: User, checker: User, editor: User
) -> None:
    claim = tag(article, reporter)
    page = watched.open(java_script_enabled=False)
    sign_in(page, checker)
    page.goto(f"/desk/claims/{claim.code}/")
    expect(page.locator("[data-keys]")).to_be_hidden()

    page.locator("#add-evidence").click()
    page.get_by_text("Se è nuovo").click()
    form = page.locator("#evidence-form")
    form.get_by_label("Titolo").fill("Delibera 7 della giunta")
    form.get_by_label("Contro").check()
    form.get_by_label("Quanto è stato verificato").select_option("whole")
    form.get_by_role("button", name="Aggiungi").click()
    expect(page.locator(".messages")).to_contain_text("Il riscontro è aggiunto.")

    rating = page.locator("#rating")
    rating.get_by_role("radio", name="Falso").check()
    page.locator("#rate-summary").fill("è" * 161)
    rating.get_by_role("button", name="Proponi").click()
    expect(page.locator("#rating [role=alert]")).to_contain_text("Ha 161 caratteri")
    expect(rating.get_by_role("radio", name="Falso")).to_be_checked()
    page.locator("#rate-summary").fill("Costa dodici milioni.")
    page.locator("#rating").get_by_role("button", name="Proponi").click()
    expect(panel(page, "proposta")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page, editor)
    page.goto(f"/desk/claims/{claim.code}/")
    panel(page, "proposta").get_by_text("Chiedi modifiche…").click()
    page.get_by_label("Che cosa va modificato").fill("Manca la spiegazione.")
    page.get_by_role("button", name="Chiedi modifiche").click()
    expect(panel(page, "modifiche richieste")).to_contain_text("Manca la spiegazione.")

    page.context.clear_cookies()
    sign_in(page, checker)
    page.goto(f"/desk/claims/{claim.code}/")
    page.get_by_role("link", name="Modificala").click()
    expect(page.locator("#rate-summary")).to_have_value("Costa dodici milioni.")
    page.locator("#rate-explanation").fill("Lo dice la delibera.")
    page.get_by_role("button", name="Proponila di nuovo").click()
    expect(panel(page, "proposta")).to_be_visible()
    page.get_by_text("Dichiara se accusa qualcuno").click()
    page.locator("#claim-accusation").get_by_label("No", exact=True).check()
    page.locator("#claim-accusation").get_by_role("button", name="Salva").first.click()

    page.context.clear_cookies()
    sign_in(page, editor)
    page.goto(f"/desk/claims/{claim.code}/")
    page.get_by_role("button", name="Approva e pubblica").click()
    expect(page.locator(".messages")).to_contain_text("Pubblicata")
    reader_sees(page, claim, "Falso", "Costa dodici milioni.", "Lo dice la delibera.")


# Beside others, and who may not


def test_who_decides_second_is_told_on_the_spot(
    page: Page, sign_in: SignIn, live: str, checker: User, editor: User
) -> None:
    claim = make_claim(accuses="no")
    make_evidence(claim, stance="refutes")
    review = reviews.propose(claim, level=level("false"), summary="No.", by=checker, at=THEN)
    sign_in(page, editor)
    page.goto(f"/desk/claims/{claim.code}/")
    reviews.amend(review, summary="No, davvero.", by=checker, at=THEN)
    page.get_by_role("button", name="Approva e pubblica").click()
    expect(page.get_by_role("alert")).to_contain_text("ha cambiato questa verifica")
    expect(panel(page, "proposta")).to_contain_text("No, davvero.")
    focus_is_somewhere(page)
    page.get_by_role("button", name="Approva e pubblica").click()
    expect(said(page)).to_contain_text("Pubblicata")


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_each_sees_the_steps_that_are_theirs(
    page: Page, sign_in: SignIn, live: str, checker: User, who: str, request: pytest.FixtureRequest
) -> None:
    claim = make_claim(accuses="no")
    make_evidence(claim, stance="refutes")
    reviews.propose(claim, level=level("false"), summary="No.", by=checker, at=THEN)
    sign_in(page, request.getfixturevalue(who))
    page.goto(f"/desk/claims/{claim.code}/")
    expect(page.locator("#rating")).to_have_count(0 if who == "reporter" else 1)
    expect(page.get_by_role("button", name="Approva e pubblica")).to_have_count(1 if who == "editor" else 0)
    expect(page.locator("#add-evidence")).to_have_count(1)
    if who == "reporter":
        # The page has no such form; the address refuses all the same, and says so.
        page.keyboard.press("3")
        page.keyboard.press("s")
        assert page.locator("#rating").count() == 0
    assert violations(page) == []


def test_comments_stand_on_the_page_and_keep_their_words(
    page: Page, sign_in: SignIn, live: str, checker: User
) -> None:
    claim = make_claim()
    sign_in(page, checker)
    page.goto(f"/desk/claims/{claim.code}/")
    page.locator(".threads textarea").fill("Chi chiama i tecnici?")
    page.locator(".threads").get_by_role("button", name="Commenta").click()
    expect(page.locator(".comment")).to_contain_text("Chi chiama i tecnici?")
    focus_is_somewhere(page)
    expect(page).to_have_url(re.compile(f"/desk/claims/{claim.code}/$"))
