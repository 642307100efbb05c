"""Who is asked by a private link answers there; the desk decides; it stands beside the rating."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import Settings

from newsroom.actions import replies as deeds
from newsroom.models import (
    Capability,
    Claim,
    ConfidentialSource,
    Invitation,
    InvitationMail,
    Newsroom,
    Reply,
    ReplyLetter,
    RequestForComment,
    Review,
    User,
)
from newsroom.outside.counters import Counters
from newsroom.presenters.dossier import dossier_page
from newsroom.tasks.invitations import send_invitations
from newsroom.views import pacing
from tests.making import (
    LATER,
    make_appearance,
    make_claim,
    make_invitation,
    make_reply,
    make_request,
    make_review,
    make_source,
)
from tests.public_pages import asked_again, claim_with_replies, inviting

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
WORDS = "Il ponte è agibile.\n\nLo dice il <collaudo> del 3 maggio."


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pacing, "counters", Counters(tmp_path / "counters", key="tests"))


def form_of(client: Client, there: str, **given: Any) -> dict[str, Any]:
    """The form as a browser sends it, with what stands in its hidden fields."""
    page = client.get(there).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(token|seen)"(?: value="([^"]*)")?', page))
    return {"words": WORDS, "name": "Ida Bruni, per il Comune", **hidden, **given}


def send(client: Client, there: str, **given: Any) -> Any:
    return client.post(there, form_of(client, there, **given))


def text_of(answer: Any) -> str:
    return answer.content.decode()


# Behind the link


def test_who_was_asked_sees_the_claim_in_context_and_the_draft_and_answers_once(reader: Client) -> None:
    draft = make_review(
        make_appearance(), state="proposed", summary="Non risulta.", explanation="Si è guardato *tutto*."
    )
    there = inviting(draft.claim, review=draft, asked="La signora Segreta")
    shown = text_of(reader.get(there))
    for words in (draft.claim.text, draft.judged_words, "Non risulta.", "<em>tutto</em>", "Falso"):
        assert words in shown
    assert "Segreta" not in shown
    sent = send(reader, there)
    assert sent.status_code == 302
    assert ReplyLetter.objects.get().words == WORDS
    own = text_of(reader.get(sent["Location"]))
    assert "&lt;collaudo&gt;" in own and "Ida Bruni" in own


def test_a_form_that_is_sent_twice_leads_twice_to_what_came_of_it(reader: Client) -> None:
    there = inviting(make_claim())
    form = form_of(reader, there)
    first, second = reader.post(there, form), reader.post(there, form)
    assert (first.status_code, second.status_code) == (302, 302)
    for sent in (first, second):
        assert "Ida Bruni" in text_of(reader.get(sent["Location"]))
    assert Reply.objects.count() == 1
    assert send(reader, there).status_code == 410


def test_in_a_second_round_they_see_what_changed(reader: Client) -> None:
    shown = text_of(reader.get(asked_again()))
    assert "<del>Falso</del> <ins>Vero</ins>" in shown
    assert "ordinanza" in shown and 'id="changed-title"' in shown
    assert 'id="changed-title"' not in text_of(reader.get(inviting(make_claim())))


def test_a_draft_that_nobody_stands_by_any_more_is_not_shown(reader: Client) -> None:
    draft = make_review(make_appearance(), state="proposed", summary="Bozza caduta.")
    there = inviting(draft.claim, review=draft)
    Review.objects.filter(pk=draft.pk).update(state="withdrawn", withdrawal_reason="No.", changes_note="")
    shown = text_of(reader.get(there))
    assert "Bozza caduta." not in shown
    assert send(reader, there).status_code == 302


def test_no_page_of_it_sets_a_cookie_or_is_kept_or_tells_its_address(reader: Client) -> None:
    there = inviting()
    form = reader.get(there)
    sent = send(reader, there)
    for answer in (form, sent, reader.get(there), reader.get(sent["Location"]), reader.get("/replies/x/")):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"


def test_it_needs_no_token_of_the_sessions_and_takes_no_form_of_another_site(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, inviting()).status_code == 302
    there = inviting()
    foreign = client.post(there, form_of(client, there), headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert client.post(there, form_of(client, there, token="falso")).status_code == 422
    assert client.post(there, form_of(client, there, website="x")).status_code == 422


def expire(there: str) -> None:
    Invitation.objects.update(at=LATER, expires_at=LATER + timedelta(days=1))


def close(there: str) -> None:
    Invitation.objects.update(closed_at=now())


def withdraw(there: str) -> None:
    Claim.objects.update(withdrawn_at=now(), withdrawal_reason="Sbagliata.")


def answer(there: str) -> None:
    send(Client(), there)


@pytest.mark.parametrize("happens", [expire, close, withdraw, answer])
def test_a_link_that_opens_nothing_any_more_says_so_and_loses_nothing_that_was_typed(
    reader: Client, happens: Callable[[str], None]
) -> None:
    there = inviting(make_claim())
    form = form_of(reader, there, words="Parole scritte per un’ora.")
    happens(there)
    before = ReplyLetter.objects.count()
    sent = reader.post(there, form)
    assert sent.status_code == 410
    assert "Parole scritte per un’ora." in text_of(sent)
    assert reader.get(there).status_code == 410
    assert ReplyLetter.objects.count() == before


def test_an_address_that_is_no_link_is_404_and_loses_nothing_either(reader: Client) -> None:
    sent = reader.post("/replies/inventato/", {"words": "Parole."})
    assert sent.status_code == 404
    assert "Parole." in text_of(sent)


def test_a_draft_that_changed_while_they_wrote_is_shown_with_what_they_typed(reader: Client) -> None:
    draft = make_review(make_appearance(), state="proposed")
    there = inviting(draft.claim, review=draft)
    form = form_of(reader, there)
    Review.objects.filter(pk=draft.pk).update(summary="In altre parole.", row_version=2)
    sent = reader.post(there, form)
    assert sent.status_code == 409
    shown = text_of(sent)
    assert "In altre parole." in shown and "Lo dice il &lt;collaudo&gt;" in shown
    [seen] = re.findall(r'name="seen" value="(\d+)"', shown)
    [token] = re.findall(r'name="token" value="([^"]+)"', shown)
    assert reader.post(there, form | {"seen": seen, "token": token}).status_code == 302


def test_a_reply_that_is_too_long_comes_back_whole(reader: Client) -> None:
    sent = send(reader, inviting(), words="parola " * 600)
    assert sent.status_code == 422
    assert text_of(sent).count("parola ") >= 600


def test_whoever_sends_too_often_waits_and_loses_nothing(reader: Client, settings: Settings) -> None:
    settings.PACES = settings.PACES | {"stranger": 1}
    there = inviting()
    form = form_of(reader, there, name="")
    assert reader.post(there, form).status_code == 422
    sent = reader.post(there, form)
    assert sent.status_code == 429 and "Lo dice il &lt;collaudo&gt;" in text_of(sent)


def test_an_expert_is_asked_another_thing(reader: Client) -> None:
    draft = make_review(make_appearance(), state="proposed")
    there = inviting(draft.claim, kind="opinion", review=draft)
    assert send(reader, there).status_code == 422
    assert send(reader, there, opinion="objects").status_code == 302
    assert Reply.objects.get().state == "kept"


def test_a_following_link_tells_what_was_decided_and_takes_no_reply(reader: Client, editor: User) -> None:
    own = send(reader, inviting())["Location"]
    reply = Reply.objects.get()
    deeds.refuse(reply, ground="third", reason="Nomina i figli.", by=editor, at=now(), row_version=1)
    assert "Nomina i figli." in text_of(reader.get(own))
    assert reader.post(own, {"words": "Ancora."}).status_code == 410


# At the desk


def ask(client: Client, claim: Claim, **given: Any) -> Any:
    there = reverse("desk:claim-ask", args=[claim.code])
    [uuid] = re.findall(r'name="uuid" value="([^"]+)"', text_of(client.get(there)))
    fields = {"kind": "comment", "asked": "Il Comune", "lang": "it", "days": "7", "uuid": uuid}
    return client.post(there, fields | given)


def test_the_desk_is_shown_the_link_once(signed_in: SignedIn, checker: User, reader: Client) -> None:
    claim = make_claim(accuses="yes", accused="Il Comune")
    shown = ask(signed_in(checker), claim)
    [link] = re.findall(r'id="reply-link"[^>]*>([^<]+)<', text_of(shown))
    assert reader.get(link[link.index("/replies/") :]).status_code == 200
    secret = link.rstrip("/").rpartition("/")[2]
    for page in ("desk:replies", "desk:home"):
        assert secret not in text_of(signed_in(checker).get(reverse(page) + "?state=asked"))
    assert shown["Cache-Control"] == "private, no-store" or "no-store" in shown["Cache-Control"]


def test_the_desk_that_sends_its_form_twice_asks_once_and_has_a_link(
    signed_in: SignedIn, checker: User, reader: Client
) -> None:
    claim, desk = make_claim(), signed_in(checker)
    there = reverse("desk:claim-ask", args=[claim.code])
    uuid = str(uuid4())
    form = {"kind": "comment", "asked": "Il Comune", "lang": "it", "days": "7", "uuid": uuid}
    for _time in range(2):
        [link] = re.findall(r'id="reply-link"[^>]*>([^<]+)<', text_of(desk.post(there, form)))
        assert reader.get(link[link.index("/replies/") :]).status_code == 200
    assert RequestForComment.objects.count() == 1
    other = desk.post(there, form | {"asked": "La Provincia"})
    assert other.status_code == 409 and "La Provincia" in text_of(other)
    assert uuid not in text_of(other)


def test_a_mail_asks_without_saying_about_what_and_its_address_is_shown_to_nobody(
    signed_in: SignedIn,
    checker: User,
    reader: Client,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Any,
) -> None:
    Newsroom.objects.update(address="https://redazione.example")
    claim = make_claim(text="Il ponte crollerà domani.")
    with django_capture_on_commit_callbacks(execute=True):
        sent = ask(signed_in(checker), claim, address="ida@lettori.example")
    assert sent.status_code == 302
    send_invitations.enqueue()
    [letter] = mailoutbox
    assert letter.to == ["ida@lettori.example"]
    assert "crollerà" not in letter.body and "Comune" not in letter.body
    [link] = re.findall(r"https://redazione\.example(/replies/\S+)", letter.body)
    assert reader.get(link).status_code == 200
    assert "ida@lettori.example" not in text_of(signed_in(checker).get(sent["Location"]))
    assert InvitationMail.objects.get().state == "sent"


def test_what_was_decided_goes_by_mail_without_a_word_of_it(
    editor: User, mailoutbox: list[EmailMessage], reader: Client
) -> None:
    Newsroom.objects.update(address="https://redazione.example")
    reply = make_reply(make_invitation(address="ida@lettori.example"))
    deeds.refuse(reply, ground="third", reason="Nomina i figli.", by=editor, at=now(), row_version=1)
    send_invitations.enqueue()
    [letter] = mailoutbox
    assert "figli" not in letter.body
    [link] = re.findall(r"https://redazione\.example(/replies/\S+)", letter.body)
    assert "Nomina i figli." in text_of(reader.get(link))


def test_a_mail_for_a_link_that_was_closed_is_not_sent(checker: User, mailoutbox: list[EmailMessage]) -> None:
    at = now()
    invited = deeds.invite(
        make_claim(), kind="comment", asked="Il Comune", lang="it", days=7, by=checker, at=at,
        address="ida@lettori.example",
    )  # fmt: skip
    deeds.close(invited.invitation, by=checker, at=now())
    send_invitations.enqueue()
    assert not mailoutbox and InvitationMail.objects.get().state == "dropped"


def test_an_editor_reads_a_reply_and_takes_it_whole(
    signed_in: SignedIn, editor: User, reader: Client
) -> None:
    review = make_review(make_appearance())
    reply = make_reply(claim=review.claim, words=WORDS)
    client, there = signed_in(editor), reverse("desk:reply", args=[reply.code])
    assert "&lt;collaudo&gt;" in text_of(client.get(there))
    assert "collaudo" not in text_of(reader.get(review.claim.get_absolute_url()))
    done = client.post(reverse("desk:reply-accept", args=[reply.code]), {"row_version": 1})
    assert done.status_code == 302
    shown = text_of(reader.get(review.claim.get_absolute_url()))
    assert "<p>Il ponte è agibile.</p>" in shown and "Lo dice il &lt;collaudo&gt; del 3 maggio." in shown
    late = client.post(reverse("desk:reply-refuse", args=[reply.code]), {"row_version": 1, "reason": "No"})
    assert late.status_code == 422


def test_of_two_editors_the_second_keeps_what_they_typed(signed_in: SignedIn, editor: User) -> None:
    reply = make_reply()
    Reply.objects.update(row_version=2)
    form = {"row_version": 1, "ground": "third", "reason": "Nomina una bambina."}
    late = signed_in(editor).post(reverse("desk:reply-refuse", args=[reply.code]), form)
    assert late.status_code == 409
    assert "Nomina una bambina." in text_of(late)


def test_who_wrote_the_rating_is_not_offered_to_refuse(signed_in: SignedIn, editor: User) -> None:
    review = make_review(make_appearance(), author=editor)
    reply = make_reply(claim=review.claim)
    shown = text_of(signed_in(editor).get(reverse("desk:reply", args=[reply.code])))
    assert reverse("desk:reply-accept", args=[reply.code]) in shown
    assert reverse("desk:reply-refuse", args=[reply.code]) not in shown


def test_the_first_page_of_the_desk_says_that_replies_wait(signed_in: SignedIn, editor: User) -> None:
    make_reply()
    assert reverse("desk:replies") in text_of(signed_in(editor).get(reverse("desk:home")))


def test_the_desk_closes_a_link(signed_in: SignedIn, checker: User, reader: Client) -> None:
    there = inviting(make_claim())
    client, code = signed_in(checker), RequestForComment.objects.latest("pk").code
    listed = text_of(client.get(reverse("desk:replies") + "?state=asked"))
    assert reverse("desk:request-close", args=[code]) in listed
    assert client.post(reverse("desk:request-close", args=[code])).status_code == 302
    assert reader.get(there).status_code == 410
    assert client.post(reverse("desk:request-close", args=[code])).status_code == 302


def test_the_page_of_the_claim_shows_that_a_reply_came(signed_in: SignedIn, checker: User) -> None:
    reply = make_reply()
    shown = text_of(signed_in(checker).get(reverse("desk:claim", args=[reply.request.claim.code])))
    assert reverse("desk:reply", args=[reply.code]) in shown


# In public


def test_an_accepted_reply_stands_wherever_the_rating_does(reader: Client) -> None:
    claim = claim_with_replies()
    review = claim.reviews.get()
    article = claim.appearances.get().annotation.article
    linear = f"{article.get_absolute_url()}?layer=linear"
    for there in (claim.get_absolute_url(), review.get_absolute_url(), article.get_absolute_url(), linear):
        shown = text_of(reader.get(there))
        assert "<p>Lo dice il collaudo.</p>" in shown, there
        assert "Manca la prova di carico." in shown and "obietta alla bozza" in shown
        assert "Ida Bruni" in shown and "7 maggio 2024" in shown


def test_what_is_not_accepted_stands_nowhere(reader: Client) -> None:
    review = make_review(make_appearance())
    for state in ("waiting", "refused"):
        make_reply(claim=review.claim, state=state, words=f"Ornitorinco {state}.", name="Nome Taciuto")
    article = review.appearance.annotation.article
    for there in (review.claim.get_absolute_url(), review.get_absolute_url(), article.get_absolute_url()):
        shown = text_of(reader.get(there))
        assert "Ornitorinco" not in shown and "Taciuto" not in shown
    for there in (f"/api/v1/claims/{review.claim.uuid}", f"/api/v1/reviews/{review.uuid}"):
        shown = text_of(reader.get(there))
        assert str(review.uuid) in shown and "Ornitorinco" not in shown and "Taciuto" not in shown


def test_a_reply_waits_for_the_rating_to_be_public(reader: Client) -> None:
    draft = make_review(make_appearance(), state="proposed")
    make_reply(claim=draft.claim, state="accepted", words="Prima di tutti.")
    assert "Prima di tutti." not in text_of(reader.get(draft.claim.get_absolute_url()))


def test_an_opinion_stands_beside_its_own_draft_alone(reader: Client) -> None:
    claim = claim_with_replies()
    first = claim.reviews.get()
    Review.objects.filter(pk=first.pk).update(state="superseded")
    make_review(first.appearance, supersedes=first, published_at=LATER + timedelta(days=1))
    now_shown = text_of(reader.get(claim.get_absolute_url()))
    assert "Lo dice il collaudo." in now_shown and "Manca la prova" not in now_shown
    assert "Manca la prova" in text_of(reader.get(first.get_absolute_url()))


def test_a_reply_to_the_later_rating_does_not_stand_beside_the_earlier(reader: Client) -> None:
    first = make_review(make_appearance(), state="superseded")
    later = make_review(first.appearance, supersedes=first, published_at=LATER)
    at = LATER + timedelta(days=1)
    make_reply(claim=first.claim, state="accepted", words="Dopo la seconda.", at=at, decided_at=at)
    assert "Dopo la seconda." not in text_of(reader.get(first.get_absolute_url()))
    assert "Dopo la seconda." in text_of(reader.get(later.get_absolute_url()))


@pytest.mark.parametrize("how", ["confidential", "desk_only"])
def test_a_source_that_readers_do_not_meet_replies_without_a_name(reader: Client, how: str) -> None:
    source = make_source(desk_only=how == "desk_only")
    if how == "confidential":
        ConfidentialSource.objects.create(source=source, real_name="Ada Vera", reason="Rischia.")
    review = make_review(make_appearance())
    make_reply(claim=review.claim, source=source, state="accepted", words="Sì.", name="Ada Vera")
    article = review.appearance.annotation.article
    for there in (review.claim.get_absolute_url(), review.get_absolute_url(), article.get_absolute_url()):
        shown = text_of(reader.get(there))
        assert "<p>Sì.</p>" in shown and "Ada Vera" not in shown


def test_machines_read_replies_as_comments_of_the_review(reader: Client, settings: Settings) -> None:
    settings.DEMO = False
    claim = claim_with_replies()
    Claim.objects.filter(pk=claim.pk).update(claimant=make_source())
    shown = text_of(reader.get(claim.get_absolute_url()))
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown, re.DOTALL)
    first, second = json.loads(data)["comment"]
    assert first["text"] == "Il ponte è agibile.\n\nLo dice il collaudo."
    assert first["author"]["name"] == "Ida Bruni"
    feed = json.loads(b"".join(reader.get("/claimreview.json").streaming_content))
    told = [item["item"][0].get("comment", []) for item in feed["dataFeedElement"]]
    assert [first, second] in told


def test_the_api_has_replies_beside_the_review_that_they_stand_beside(reader: Client) -> None:
    claim = claim_with_replies()
    told = reader.get(f"/api/v1/claims/{claim.uuid}").json()["reviews"]
    first = told[-1]["replies"][0]
    assert (first["name"], first["words"]) == ("Ida Bruni", "Il ponte è agibile.\n\nLo dice il collaudo.")
    assert first["at"] and first["lang"] == "it"
    listed = {
        row["id"]: row["replies"] for row in reader.get(f"/api/v1/reviews?claim={claim.uuid}").json()["items"]
    }
    assert [listed[row["id"]] for row in told] == [row["replies"] for row in told]
    shown = text_of(reader.get(claim.get_absolute_url()))
    assert shown.count('class="reply" id="reply-') == len(told[-1]["replies"])


def test_a_card_on_another_page_leads_to_each_reply(reader: Client) -> None:
    claim = claim_with_replies()
    page = text_of(reader.get(claim.get_absolute_url()))
    ids = re.findall(r'class="reply" id="(reply-\w+)"', page)
    card = text_of(reader.get(f"/embed{claim.get_absolute_url()}"))
    assert ids and re.findall(r"#(reply-\w+)", card) == ids
    assert "Replica di Ida Bruni" in card and "Lo dice il collaudo" not in card
    assert len(card.encode()) < 15 * 1024


def test_a_card_leads_to_no_reply_that_is_not_accepted(reader: Client) -> None:
    review = make_review(make_appearance())
    make_reply(claim=review.claim, state="waiting", words="Ornitorinco.", name="Nome Taciuto")
    card = text_of(reader.get(f"/embed{review.claim.get_absolute_url()}"))
    assert review.claim.text in card and "reply-" not in card and "Taciuto" not in card


def test_the_dossier_tells_an_accepted_reply_and_of_a_refused_one_that_it_came() -> None:
    claim = make_claim()
    make_reply(claim=claim, state="accepted", words="Accolta.")
    make_reply(claim=claim, state="refused", words="Rifiutata.")
    make_reply(claim=claim, words="Attesa.")
    make_request(claim=claim, answer="Al telefono.", answered_at=LATER)
    page = dossier_page(claim, at=now(), newsroom=Newsroom.objects.current(), ending=str)
    assert page
    assert sorted(line.answer for line in page.requests) == ["", "", "Accolta.", "Al telefono."]
    told = json.dumps(page.data())
    assert "Rifiutata." not in told and "Attesa." not in told
    assert "dati di terzi" in told
    before = dossier_page(claim, at=LATER - timedelta(hours=1), newsroom=page.newsroom, ending=str)
    assert before is None or "Accolta." not in json.dumps(before.data())


def test_a_link_is_a_secret_that_no_row_holds() -> None:
    there = inviting()
    secret = there.rstrip("/").rpartition("/")[2]
    assert Capability.objects.latest("pk").digest != secret and len(secret) > 40
