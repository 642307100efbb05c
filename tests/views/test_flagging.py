"""Readers flag things: no session, a token of the form's own, limits that keep nobody else out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import Settings

from newsroom.actions import entities
from newsroom.actions import flags as deeds
from newsroom.forms.proved import issue_token
from newsroom.forms.reviewing import moment_now
from newsroom.models import Article, Deed, Flag, User
from newsroom.outside.counters import Counters
from newsroom.tasks.reader_mail import send_reader_mail
from newsroom.views import flagging, pacing
from tests.actions.revising import revise
from tests.making import (
    LATER,
    Rights,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_flag,
    make_mention,
    make_met_entity,
    make_review,
    make_source,
)
from tests.public_pages import followed

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pacing, "counters", Counters(tmp_path / "counters", key="tests"))
    monkeypatch.setattr(flagging, "hourly", Counters(tmp_path / "hourly", key="tests"))


def token_of(client: Client, there: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(there).content.decode())
    assert found
    return found[1]


def form_for(client: Client, there: str, **given: Any) -> dict[str, Any]:
    fields = {"kind": "error", "message": "Sono dodici.", "token": token_of(client, there)}
    return fields | given


def send(client: Client, there: str, **given: Any) -> Any:
    return client.post(there, form_for(client, there, **given))


def flag_address(article: Article) -> str:
    return reverse("reader:flag-article", args=[article.slug])


def test_a_reader_flags_words_and_sees_what_comes_of_it(reader: Client, editor: User) -> None:
    article = make_article()
    answer = send(reader, flag_address(article), words="dieci milioni")
    flag = Flag.objects.latest("pk")
    assert answer.status_code == 302
    assert [target.exact for target in flag.targets.all()] == ["dieci milioni"]
    own = reader.get(answer["Location"])
    assert "Sono dodici." in own.content.decode()
    deeds.accept(flag, outcome="Ora sono dodici.", lang="it", by=editor, at=now(), row_version=1)
    assert "Ora sono dodici." in reader.get(answer["Location"]).content.decode()


def test_no_page_of_it_sets_a_cookie_or_is_kept_or_tells_its_address(reader: Client) -> None:
    article = make_article()
    form = reader.get(flag_address(article))
    sent = send(reader, flag_address(article))
    own = reader.get(sent["Location"])
    for answer in (form, sent, own):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
    assert "noindex" in own.content.decode()


def test_it_needs_no_token_of_the_sessions_and_reads_no_session(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, flag_address(make_article())).status_code == 302
    client.force_login(editor)
    assert send(client, flag_address(make_article())).status_code == 302
    assert not Deed.objects.filter(verb__startswith="flag").exists()


def test_a_form_without_its_own_token_comes_back_with_one(reader: Client) -> None:
    there = flag_address(make_article())
    for token in ("", "falso", signing.dumps(["article:altro", "0" * 32], salt="newsroom.flag")):
        answer = reader.post(there, form_for(reader, there, token=token))
        assert answer.status_code == 422
        told = answer.content.decode()
        assert "Sono dodici." in told  # what was typed is not lost
        again = re.search(r'name="token" value="([^"]+)"', told)
        assert again
        assert reader.post(there, form_for(reader, there, token=again[1])).status_code == 302


def test_a_form_that_was_sent_before_it_can_have_been_read_comes_back(
    reader: Client, settings: Settings
) -> None:
    settings.FLAG_SECONDS = 3
    there = flag_address(make_article())
    answer = send(reader, there)
    assert answer.status_code == 422
    assert "molto veloce" in answer.content.decode()


def test_a_form_of_yesterday_comes_back_with_what_was_typed(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = flag_address(make_article())
    form = form_for(reader, there)
    tomorrow = time.time() + 25 * 3600
    monkeypatch.setattr(signing.time, "time", lambda: tomorrow)
    answer = reader.post(there, form)
    assert answer.status_code == 422
    assert "più di un giorno" in answer.content.decode()


def test_a_program_that_fills_every_field_is_told_so(reader: Client) -> None:
    answer = send(reader, flag_address(make_article()), website="https://spam.example")
    assert answer.status_code == 422
    assert not Flag.objects.filter(letter__message="Sono dodici.").exists()


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
def test_another_site_sends_nothing_by_a_readers_browser(reader: Client, headers: dict[str, str]) -> None:
    there = flag_address(make_article())
    assert reader.post(there, form_for(reader, there), headers=headers).status_code == 403


def test_a_form_that_is_sent_twice_is_one_flag(reader: Client) -> None:
    there = flag_address(make_article())
    form = form_for(reader, there)
    first, again = reader.post(there, form), reader.post(there, form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert Flag.objects.filter(letter__message="Sono dodici.").count() == 1
    assert reader.get(again["Location"]).status_code == 200


def test_words_that_stand_twice_are_told_apart(reader: Client) -> None:
    there = flag_address(make_article())
    answer = send(reader, there, words="Il ponte")
    assert answer.status_code == 422
    places = re.findall(r'name="place" value="([^"]+)"', answer.content.decode())
    assert len(places) == 2
    assert send(reader, there, words="Il ponte", place=places[1]).status_code == 302
    assert Flag.objects.latest("pk").targets.get().start == int(places[1].partition("-")[0])


def test_words_that_do_not_stand_there_are_said_to(reader: Client) -> None:
    answer = send(reader, flag_address(make_article()), words="venti milioni")
    assert answer.status_code == 422
    assert "sono nel testo: copiale" in answer.content.decode()


def test_the_form_begins_with_the_words_of_a_selection_a_paragraph_or_a_note(reader: Client) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    there = flag_address(article)
    start = article.current_revision.text.index("la sindaca")
    selected = reader.get(f"{there}?start={start}&end={start + 10}").content.decode()
    assert "la sindaca</textarea>" in selected
    noted = reader.get(f"{there}?note={appearance.claim.code}").content.decode()
    assert "dieci milioni</textarea>" in noted
    for nonsense in ("start=9&end=3", "start=x&end=y", "start=0&end=99999999", "note=nessuna"):
        assert "</textarea>" in reader.get(f"{there}?{nonsense}").content.decode()


def test_who_guesses_at_a_text_that_is_not_shown_whole_learns_nothing(reader: Client) -> None:
    article = make_article(rights=Rights.QUOTATION)
    there = flag_address(article)
    assert 'name="words"' not in reader.get(f"{there}?start=0&end=20").content.decode()
    for words in ("dieci milioni", "venti milioni"):
        assert send(reader, there, words=words).status_code == 302
        assert not Flag.objects.latest("pk").targets.exists()


def test_claims_sources_and_entities_are_flagged_as_a_whole(reader: Client) -> None:
    article = make_article()
    claim = make_review(make_appearance(article)).claim
    source, entity = make_source(), make_entity()
    make_attribution(article, source=source)
    make_mention(article, "la sindaca", entity=entity)
    for thing in (claim, source, entity):
        there = f"{thing.get_absolute_url()}flag/"
        assert there in reader.get(thing.get_absolute_url()).content.decode()
        assert send(reader, there).status_code == 302
        assert Flag.objects.latest("pk").subject == thing


def test_what_readers_may_not_see_cannot_be_flagged(reader: Client) -> None:
    draft = make_article(published_at=None)
    minor = make_entity(privacy="minor")
    assert reader.get(flag_address(draft)).status_code == 404
    assert reader.get(reverse("reader:flag-entity", args=[f"x-{minor.code}"])).status_code == 404


# Mail


def test_an_address_is_confirmed_by_a_mailed_link_and_gets_the_answer(
    reader: Client, editor: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    article = make_article()
    send(reader, flag_address(article), address="ida@lettori.example")
    [asked] = mailoutbox
    assert asked.to == ["ida@lettori.example"]
    assert "Sono dodici." not in asked.body
    [link] = re.findall(r"/flags/\S+", asked.body)
    # A program that follows the link confirms nothing.
    assert reader.get(link).status_code == 200
    flag = Flag.objects.latest("pk")
    assert flag.letter.confirmed_at is None
    assert reader.post(link).status_code == 200
    assert reader.post(link).status_code == 410
    assert reader.get(link).status_code == 410
    client = Client()
    client.force_login(editor)
    words = "CANARINO: il costo è giusto."
    client.post(reverse("desk:flag-reject", args=[flag.code]), {"words": words, "row_version": 1})
    answered = mailoutbox[1]
    assert "CANARINO" not in answered.body
    [own] = re.findall(r"/flags/\S+", answered.body)
    assert words in reader.get(own).content.decode()


def test_no_address_is_asked_for_where_no_mail_is_sent(reader: Client, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    assert 'name="address"' not in reader.get(flag_address(make_article())).content.decode()


def test_an_address_that_nobody_was_given_is_not_there(reader: Client) -> None:
    assert reader.get(reverse("reader:flag", args=["x" * 43])).status_code == 404


def test_what_is_public_no_more_is_named_neither_on_the_page_nor_in_a_mail(
    reader: Client, editor: User, settings: Settings, mailoutbox: list[Any]
) -> None:
    settings.SENDS_MAIL = True
    entity = make_met_entity(name="Ada Canarini")
    flag = make_flag(entity=entity, address="ida@lettori.example", confirmed_at=LATER)
    own = followed(flag)
    assert "Ada Canarini" in reader.get(own).content.decode()
    entities.protect(entity, privacy="minor", reason="Ha dodici anni.", by=editor, at=LATER)
    page = reader.get(own)
    assert page.status_code == 200
    assert "Canarini" not in page.content.decode() and "canarini" not in page.content.decode()
    deeds.answer(flag, words="Grazie.", by=editor, at=now(), row_version=1)
    send_reader_mail.enqueue()
    [letter] = mailoutbox
    assert "Canarini" not in letter.body + letter.subject


def test_the_form_of_a_page_that_tells_no_address_is_taken(reader: Client) -> None:
    """As browsers send it: under `no-referrer` they say no origin, and that it comes from here."""
    there = flag_address(make_article())
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert reader.post(there, form_for(reader, there), headers=headers).status_code == 302
    elsewhere = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    assert reader.post(there, form_for(reader, there), headers=elsewhere).status_code == 403


# Limits, at the door


def test_a_thousand_in_a_minute_from_one_address_keep_nobody_else_out(
    reader: Client, editor: User, signed_in: SignedIn, settings: Settings
) -> None:
    settings.FLAGS_PER_HOUR, settings.FLAGS_PER_HOUR_BY_THING = 10, 60
    settings.PACES = settings.PACES | {"stranger": 30}
    article = make_article()
    there = flag_address(article)
    flood, desk = Client(REMOTE_ADDR="203.0.113.9"), signed_in(editor)
    form, answers = form_for(flood, there), []
    for _ in range(1000):
        answers.append(
            flood.post(there, form | {"token": issue_token(f"article:{article.code}")}).status_code
        )
    assert answers.count(302) == 10
    assert set(answers[10:]) == {429}
    assert Flag.objects.filter(article=article).count() == 10
    # The desk goes on, and so do others: from another network, to the same article.
    assert desk.get(reverse("desk:flags")).status_code == 200
    for number in range(5):
        other = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert send(other, there, message=f"Onesto {number}.").status_code == 302
    assert Flag.objects.filter(article=article).count() == 15


def test_who_has_to_wait_keeps_what_they_typed(settings: Settings) -> None:
    settings.FLAGS_PER_HOUR = 1
    there = flag_address(make_article())
    client = Client(REMOTE_ADDR="203.0.113.10")
    assert send(client, there).status_code == 302
    answer = send(client, there, message="La seconda cosa.")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "La seconda cosa." in answer.content.decode()


def test_what_is_sent_wrong_does_not_count(settings: Settings) -> None:
    settings.FLAGS_PER_HOUR = 1
    there = flag_address(make_article())
    client = Client(REMOTE_ADDR="203.0.113.11")
    assert send(client, there, message="").status_code == 422
    assert send(client, there).status_code == 302


def test_many_networks_about_one_thing_are_slowed_too(settings: Settings) -> None:
    settings.FLAGS_PER_HOUR, settings.FLAGS_PER_HOUR_BY_THING = 10, 3
    there = flag_address(make_article())
    answers = [send(Client(REMOTE_ADDR=f"198.51.100.{n}"), there).status_code for n in range(5)]
    assert answers == [302, 302, 302, 429, 429]
    # Who speaks in their own name has a term to keep.
    named = {"kind": "rectification", "name": "Ida Bruni"}
    assert send(Client(REMOTE_ADDR="198.51.100.7"), there, **named).status_code == 302
    # Another article is not concerned.
    assert send(Client(REMOTE_ADDR="198.51.100.9"), flag_address(make_article())).status_code == 302


# The desk


def test_the_queue_has_what_is_due_first_and_says_what_is_late(editor: User, signed_in: SignedIn) -> None:
    make_flag(message="Quella scaduta.")
    desk = signed_in(editor)
    told = desk.get(reverse("desk:flags")).content.decode()
    assert "Quella scaduta." in told
    assert "(scaduta)" in told
    assert "1 segnalazione è scaduta." in desk.get(reverse("desk:home")).content.decode()
    kinds = {"kind": "view"}
    assert "Quella scaduta." not in desk.get(reverse("desk:flags"), kinds).content.decode()


def letter(about: str, **given: Any) -> dict[str, Any]:
    form = {
        "about": about, "kind": "rectification", "how": "PEC, protocollo 12", "came_at": moment_now(now()),
        "message": "Non l’ho mai detto.", "name": "Ida Bruni", "lang": "it", "uuid": uuid4(),
    }  # fmt: skip
    return form | given


@pytest.mark.parametrize(
    "about", ["article", "claim", "source", "entity", "map", "english", "desk", "review"]
)
def test_a_letter_that_came_otherwise_waits_in_the_same_queue(
    checker: User, signed_in: SignedIn, about: str
) -> None:
    claim = make_appearance(claim=make_claim(claimant=make_source())).claim
    article, entity = Article.objects.latest("pk"), make_entity()
    subjects = {"claim": claim, "source": claim.claimant, "entity": entity}
    there = {
        "english": f"/en{article.get_absolute_url()}",
        "map": reverse("reader:map", args=[article.slug]),
        "review": make_review(claim=claim).get_absolute_url(),
        "desk": reverse("desk:claim", args=[claim.code]),
    }
    subject = subjects.get(about, claim if about in ("desk", "review") else article)
    address = there.get(about, subject.get_absolute_url())
    answer = signed_in(checker).post(
        reverse("desk:flag-add"), letter(f"https://redazione.example{address}?x=1#note")
    )
    flag = Flag.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:flag", args=[flag.code]))
    assert (flag.subject, flag.due - flag.at) == (subject, timedelta(days=2))
    told = signed_in(checker).get(answer["Location"]).content.decode()
    assert "PEC, protocollo 12; copiata da" in told
    # Who copied it is offered no way to publish it.
    assert "Pubblicala come è stata inviata" not in told


@pytest.mark.parametrize(
    "about",
    ["/articles/nessuno/", "/method/", "/about/il-ponte/", "altro", "http://[", "/claims/x-0000000000/"],
)
def test_a_letter_about_nothing_of_ours_keeps_what_was_typed(
    checker: User, signed_in: SignedIn, about: str
) -> None:
    answer = signed_in(checker).post(reverse("desk:flag-add"), letter(about))
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "Nessun nostro articolo" in told
    assert "Non l’ho mai detto." in told


def test_a_letter_of_full_length_may_have_many_lines(checker: User, signed_in: SignedIn) -> None:
    there = make_article().get_absolute_url()
    written = "\r\n".join(["x" * 48] * 102)  # with two characters to a line end it is longer than it may be
    answer = signed_in(checker).post(reverse("desk:flag-add"), letter(there, message=written))
    assert answer.status_code == 302


@pytest.mark.parametrize("came_at", ["0001-01-01T00:00", "0202-11-28T10:00", "2001-01-01T10:00"])
def test_a_mistyped_year_is_said_to_be_one(checker: User, signed_in: SignedIn, came_at: str) -> None:
    sent = letter(make_article().get_absolute_url(), came_at=came_at)
    answer = signed_in(checker).post(reverse("desk:flag-add"), sent)
    assert answer.status_code == 422
    assert "controlla la data" in answer.content.decode()


def test_a_form_without_its_key_says_so_and_can_be_sent_again(checker: User, signed_in: SignedIn) -> None:
    desk, sent = signed_in(checker), letter(make_article().get_absolute_url(), uuid="rotto")
    answer = desk.post(reverse("desk:flag-add"), sent)
    assert answer.status_code == 422
    assert "danneggiato" in answer.content.decode()
    key = answer.context["form"]["uuid"].value()
    assert desk.post(reverse("desk:flag-add"), sent | {"uuid": key}).status_code == 302


def test_a_copy_is_corrected_on_a_page_of_its_own(checker: User, signed_in: SignedIn) -> None:
    desk, article = signed_in(checker), make_article()
    desk.post(reverse("desk:flag-add"), letter(article.get_absolute_url(), name="Ida Brunni"))
    there = reverse("desk:flag-letter", args=[Flag.objects.get().code])
    form = desk.get(there).context["form"]
    assert form["name"].value() == "Ida Brunni"
    sent = {name: form[name].value() for name in form.fields} | {"name": "Ida Bruni"}
    assert desk.post(there, sent | {"message": ""}).status_code == 422
    assert desk.post(there, sent).status_code == 302
    assert Flag.objects.get().letter.name == "Ida Bruni"
    assert desk.post(there, sent).status_code == 409
    # What a reader wrote has no such page.
    own = reverse("desk:flag-letter", args=[make_flag().code])
    assert desk.get(own).status_code == 302


def test_an_editor_publishes_what_a_checker_copied(
    checker: User, editor: User, signed_in: SignedIn, reader: Client
) -> None:
    article = make_article(slug="il-ponte")
    signed_in(checker).post(reverse("desk:flag-add"), letter(article.get_absolute_url()))
    flag = Flag.objects.get()
    sent = {"row_version": flag.row_version, "lang": "it"}
    assert signed_in(editor).post(reverse("desk:flag-publish", args=[flag.code]), sent).status_code == 302
    told = reader.get(article.get_absolute_url()).content.decode()
    assert "Rettifica di Ida Bruni" in told
    assert "protocollo 12" not in told


def test_the_address_of_a_reader_is_shown_to_nobody(editor: User, signed_in: SignedIn) -> None:
    flag = make_flag(address="ida@lettori.example", name="Ida Bruni")
    told = signed_in(editor).get(reverse("desk:flag", args=[flag.code])).content.decode()
    assert "Ida Bruni" in told
    assert "ida@lettori.example" not in told


def test_the_desk_assigns_answers_and_decides(editor: User, checker: User, signed_in: SignedIn) -> None:
    flag = make_flag()
    desk = signed_in(editor)

    def do(name: str, **given: Any) -> int:
        flag.refresh_from_db()
        form = {"row_version": flag.row_version} | given
        return desk.post(reverse(f"desk:flag-{name}", args=[flag.code]), form).status_code

    assert do("assign", to=checker.username) == 302
    assert do("answer", words="") == 422
    assert do("answer", words="Guardiamo.") == 302
    assert do("accept", outcome="", lang="it") == 422
    assert do("accept", outcome="Corretto.", lang="it") == 302
    assert do("reopen") == 302
    other = make_flag(flag.article)
    assert do("merge", into=other.uuid) == 302
    flag.refresh_from_db()
    assert (flag.state, flag.assignee) == ("merged", checker)


def test_the_desk_s_pages_cost_as_many_queries_for_thirty_as_for_one(
    editor: User, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    article = make_article()
    for _ in range(30):
        make_flag(article, "dieci milioni")
    desk = signed_in(editor)
    with django_assert_max_num_queries(14):
        desk.get(reverse("desk:flags"))


# What came of it, for everybody


def test_an_outcome_stands_with_its_words_and_among_the_corrections(reader: Client, editor: User) -> None:
    article = make_article()
    flag = make_flag(article, "dieci milioni", message="CANARINO", name="CANARINO")
    make_flag(article, "Il ponte", message="CANARINO", state="rejected")
    deeds.accept(flag, outcome="Ora sono dodici.", lang="it", by=editor, at=LATER, row_version=1)
    page = reader.get(article.get_absolute_url()).content.decode()
    assert f'<span id="flag-{flag.code}" class="flagged">dieci milioni</span>' in page
    assert "Ora sono dodici." in page
    told = reader.get(reverse("reader:corrections")).content.decode()
    assert "Ora sono dodici." in told
    assert "Si è deciso su 2 segnalazioni di lettori. 1 non ha cambiato nulla" in told
    assert "CANARINO" not in page + told


def test_an_outcome_is_not_public_before_its_article_or_after_it_is_reopened(
    reader: Client, editor: User
) -> None:
    make_flag(make_article(published_at=None), state="accepted", outcome="In una bozza.")
    flag = make_flag(state="accepted", outcome="Prima.")
    told = reader.get(reverse("reader:corrections")).content.decode()
    assert "In una bozza." not in told
    assert "Prima." in told
    deeds.reopen(flag, by=editor, at=LATER, row_version=1)
    assert "Prima." not in reader.get(reverse("reader:corrections")).content.decode()


def test_an_outcome_whose_words_are_gone_stays_over_the_text(reader: Client, editor: User) -> None:
    article = make_article()
    make_flag(article, "dieci milioni di euro", state="accepted", outcome="Tolto il costo.")
    revise(article, (" Costerà dieci milioni di euro.", ""), by=editor)
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "Tolto il costo." in page
    assert 'class="flagged"' not in page
