"""Who is accused is asked by a private link, answers without an account or JavaScript, and is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from newsroom.models import Claim, Invitation, Review, User
from tests.making import level, make_appearance, make_article, make_claim, make_review
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]
#: As somebody types it, with what would be a mark elsewhere.
WORDS = "Il ponte è agibile.\n\nLo dice il <collaudo> del 3 maggio."


@pytest.fixture
def claim(live: str) -> Claim:
    """Rated once in public, and with another rating that is proposed."""
    article = make_article(slug="ponte", headline="Il ponte di Ada")
    made = make_claim(text="Il ponte crollerà.", accuses="yes", accused="Il Comune")
    public = make_review(make_appearance(article, "Costerà dieci milioni", claim=made))
    make_review(
        public.appearance, state="proposed", level=level("true"), summary="Risulta da un atto del 3 maggio."
    )
    return made


def asked_for(page: Page, claim: Claim) -> str:
    """The address that the desk is shown, once, after it asked."""
    page.goto(f"/desk/claims/{claim.code}/")
    page.get_by_role("link", name="Chiedi con un collegamento privato").click()
    expect(page.locator("#id_asked")).to_have_value("Il Comune")
    page.get_by_role("button", name="Chiedi", exact=True).click()
    return page.locator("#reply-link").inner_text()


def test_a_reply_is_asked_for_written_accepted_and_read_and_its_link_is_used_up(
    watched: WatchedBrowser, sign_in: SignIn, claim: Claim, checker: User, editor: User
) -> None:
    desk = watched.open()
    sign_in(desk, checker)
    link = asked_for(desk, claim)
    path = link[link.index("/replies/") :]

    # Who is asked, with nothing but the link
    theirs = watched.open(java_script_enabled=False)
    theirs.goto(path)
    main = theirs.locator("main")
    expect(main).to_contain_text("Il ponte crollerà.")
    expect(main).to_contain_text("Costerà dieci milioni")
    expect(main).to_contain_text("Risulta da un atto del 3 maggio.")
    expect(main.locator("del").first).to_contain_text("Falso")
    theirs.get_by_label("La tua replica").fill(WORDS)
    theirs.get_by_role("button", name="Invia alla redazione").click()
    # It was not signed: it comes back with what was typed.
    expect(theirs.get_by_label("La tua replica")).to_have_value(WORDS)
    theirs.get_by_label("Il tuo nome, e per chi parli").fill("Ida Bruni, per il Comune")
    theirs.get_by_role("button", name="Invia alla redazione").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Com’è finita la tua replica")
    expect(main).to_contain_text("Lo dice il <collaudo> del 3 maggio.")
    own = theirs.url
    assert theirs.context.cookies() == []

    # Nobody else reads it yet
    reader = watched.open(java_script_enabled=False)
    reader.goto(claim.get_absolute_url())
    expect(reader.locator("main")).not_to_contain_text("collaudo")

    # The link is used up, with nothing lost of what is typed again
    again = watched.open(java_script_enabled=False)
    answer = again.goto(path)
    assert answer is not None and answer.status == 410
    expect(again.get_by_role("heading", level=1)).to_have_text("Questo collegamento è chiuso")

    # An editor takes it whole
    sign_in(desk, editor)
    desk.goto("/desk/")
    desk.get_by_role("link", name="1 replica aspetta una decisione.").click()
    desk.get_by_role("link", name="Il Comune").click()
    expect(desk.locator("main")).to_contain_text("Lo dice il <collaudo> del 3 maggio.")
    desk.get_by_role("button", name="Accogli, e pubblicala intera").click()
    expect(desk.locator("main")).to_contain_text("Accolta: sta accanto alla valutazione.")

    # It stands beside the rating, word for word, with its date
    review = claim.reviews.get(state=Review.State.PUBLISHED)
    for there in (claim.get_absolute_url(), review.get_absolute_url()):
        reader.goto(there)
        reply = reader.locator(".reply")
        expect(reply.locator("blockquote p")).to_have_text(WORDS.split("\n\n"))
        expect(reply).to_contain_text("Ida Bruni, per il Comune")
        expect(reply.locator("time")).to_have_count(1)
    reader.goto("/articles/ponte/")
    note = reader.locator(".note-reply")
    note.locator("summary").click()
    expect(note.locator("blockquote p")).to_have_text(WORDS.split("\n\n"))
    theirs.goto(own)
    expect(main).to_contain_text("Accolta")


def test_a_link_that_expired_while_somebody_wrote_gives_them_back_their_words(
    watched: WatchedBrowser, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    desk = watched.open()
    sign_in(desk, checker)
    link = asked_for(desk, claim)
    theirs = watched.open(java_script_enabled=False)
    theirs.goto(link[link.index("/replies/") :])
    theirs.get_by_label("La tua replica").fill(WORDS)
    theirs.get_by_label("Il tuo nome, e per chi parli").fill("Ida Bruni")
    at = now()
    Invitation.objects.update(at=at - timedelta(days=8), expires_at=at - timedelta(seconds=1))
    with theirs.expect_response(lambda answer: answer.request.method == "POST") as sent:
        theirs.get_by_role("button", name="Invia alla redazione").click()
    assert sent.value.status == 410
    expect(theirs.locator("main")).to_contain_text(
        "Il tempo per rispondere con questo collegamento è finito."
    )
    expect(theirs.locator("textarea")).to_have_value(WORDS)
