"""The outbox: each notice is written to its reader in their language, and is sent once or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.actions import assignments, comments, flags, replies, reviews
from newsroom.actions.notices import MOST_IN_AN_HOUR, tell_of_reply
from newsroom.models import ConfidentialSource, Newsroom, Notice, User
from newsroom.models.outgoing import FRESH, MOST_ATTEMPTS
from newsroom.tasks.notices import send_notices, sent
from tests.local_mail import HANG_UP, LocalMail
from tests.making import (
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_flag,
    make_reply,
    make_review,
    make_source,
    make_thread,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(reporter: User, editor: User) -> Notice:
    """The reporter has called the editor, a moment ago."""
    annotation = make_annotation(make_article(headline="Il ponte riapre"), "la sindaca")
    return comments.comment(
        annotation, body="@editor, lo dice «lei» & basta?\n\nCredo di sì.", by=reporter, at=now()
    ).notices.get()


def state(notice: Notice) -> tuple[str, int]:
    notice.refresh_from_db()
    return notice.state, notice.attempts


def run(*, failing: str = "") -> None:
    """The command; `failing` is what it complains of."""
    if failing:
        with pytest.raises(CommandError, match=failing):
            call_command("send_notices")
    else:
        call_command("send_notices")


# What it says


def test_a_notice_says_who_said_what_where_and_leads_there(notice: Notice) -> None:
    Newsroom.objects.update(address="https://redazione.example")
    assert send_notices.enqueue().return_value == {"sent": 1}
    [letter] = mail.outbox
    assert letter.to == ["editor@redazione.example"]
    assert letter.subject == "Dario Brugnoli ha fatto il tuo nome in un commento: Il ponte riapre"
    annotation, comment = notice.comment.thread.annotation, notice.comment
    place = f"/desk/annotations/{annotation.code}/comments/#comment-{comment.code}"
    assert f"https://redazione.example{place}\n" in letter.body
    assert "https://redazione.example/desk/me/" in letter.body
    assert "@editor, lo dice «lei» & basta?\n\nCredo di sì." in letter.body
    assert "Il ponte riapre\n«la sindaca»" in letter.body
    assert state(notice) == ("sent", 1)


def test_a_notice_is_in_the_language_of_who_gets_it(notice: Notice, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(language="en")
    send_notices.enqueue()
    [letter] = mail.outbox
    assert letter.subject == "Dario Brugnoli mentions you in a comment: Il ponte riapre"
    assert "/en/desk/annotations/" in letter.body and "/en/desk/me/" in letter.body


def test_an_assignment_is_announced_to_who_got_it(checker: User, editor: User) -> None:
    claim = make_claim(text="Il ponte è aperto.")
    assignments.assign(claim, to=checker, due=date(2099, 5, 8), by=editor, at=now())
    assert send_notices.enqueue().return_value == {"sent": 1}
    [letter] = mail.outbox
    assert letter.to == ["checker@redazione.example"]
    assert letter.subject == "Livia Scarpato ti ha assegnato un’affermazione: Il ponte è aperto."
    assert "Scadenza: 08/05/2099." in letter.body
    assert f"\n/desk/claims/{claim.code}/\n" in letter.body


def test_who_takes_a_claim_gets_no_mail(checker: User) -> None:
    assignments.assign(make_claim(), to=checker, due=None, by=checker, at=now())
    assert not Notice.objects.exists()


def test_what_becomes_of_a_review_is_announced_to_its_author(checker: User, editor: User) -> None:
    review = make_review(state="proposed", author=checker)
    review = reviews.request_changes(review, note="Dite da dove viene.", by=editor, at=now())
    review = reviews.amend(review, summary="Lo dice la delibera.", by=checker, at=now())
    review = reviews.approve(review, by=editor, at=now())
    reviews.publish(review, by=editor, at=now())
    assert list(Notice.objects.values_list("user__username", "reason")) == [
        ("checker", "changes"),
        ("checker", "approved"),
    ]
    send_notices.enqueue()
    sent_back, approved = mail.outbox
    assert sent_back.subject.startswith("La tua verifica ti è stata rinviata per modifiche: ")
    assert "Dite da dove viene." in sent_back.body
    assert approved.subject.startswith("La tua verifica è stata approvata: ")


def test_a_reply_is_announced_to_who_asked_and_who_decides_without_a_word_of_it(
    checker: User, reporter: User, editor: User
) -> None:
    claim = make_claim(text="Il ponte è chiuso.")
    given = {"kind": "comment", "asked": "Il Comune", "lang": "it", "days": 7, "by": checker, "at": now()}
    invited = replies.invite(claim, **given)
    answer = {"words": "Parole di Nerina.", "name": "Nerina Chiara", "seen": None, "uuid": uuid4()}
    reply = replies.receive(invited.secret, **answer, at=now()).reply
    replies.receive(invited.secret, **answer, at=now())  # the form sent twice
    assert send_notices.enqueue().return_value == {"sent": 2}
    assert {letter.to[0] for letter in mail.outbox} == {
        "checker@redazione.example",
        "editor@redazione.example",
    }
    for letter in mail.outbox:
        assert letter.subject == "È arrivata una replica: Il ponte è chiuso."
        assert f"/desk/replies/{reply.code}/\n" in letter.body
        assert "Nerina" not in str(letter.message()) and "Comune" not in letter.body


def test_what_is_asked_in_ones_own_name_is_announced_to_the_editors_with_its_term(editor: User) -> None:
    claim = make_appearance().claim
    given = {"message": "Parole di Nerina.", "name": "Nerina Chiara", "lang": "it"}
    for kind in ("error", "rectification"):
        flag = flags.receive(claim, kind=kind, **given, uuid=uuid4(), at=now()).flag
    assert send_notices.enqueue().return_value == {"sent": 1}
    [letter] = mail.outbox
    assert letter.subject == f"Qualcuno chiede qualcosa a proprio nome: {claim.text}"
    due = date_format(localtime(flag.due), "SHORT_DATETIME_FORMAT")
    assert f"Richiesta di rettifica. Da decidere entro il {due}." in letter.body
    assert f"/desk/flags/{flag.code}/\n" in letter.body
    assert "Nerina" not in str(letter.message())


def test_who_may_refuse_a_rectification_is_told_of_it_whatever_their_role(
    checker: User, reporter: User
) -> None:
    """The director need not be an editor here."""
    checker.user_permissions.add(Permission.objects.get(codename="refuse_rectification"))
    given = {"message": "No.", "name": "Ida", "lang": "it", "uuid": uuid4(), "at": now()}
    flags.receive(make_claim(), kind="rectification", **given)
    assert checker in {notice.user for notice in Notice.objects.all()}


def test_an_opinion_that_stays_inside_is_announced_as_one(editor: User) -> None:
    review = make_review(make_appearance())
    reply = make_reply(state="kept", may_be_public=False, opinion="approves", review=review)
    tell_of_reply(reply, at=now())
    send_notices.enqueue()
    assert "Resta interna: chi l’ha scritta non vuole che sia pubblicata." in mail.outbox[0].body


def test_of_very_many_who_ask_in_an_hour_the_first_are_announced(editor: User) -> None:
    claim = make_claim()
    given = {"kind": "reply", "message": "No.", "name": "Ida", "lang": "it"}
    begun = now() - timedelta(hours=2)
    for minute in range(MOST_IN_AN_HOUR + 3):
        flags.receive(claim, **given, uuid=uuid4(), at=begun + timedelta(minutes=minute))
    assert Notice.objects.count() == MOST_IN_AN_HOUR
    flags.receive(claim, **given, uuid=uuid4(), at=now())
    assert Notice.objects.count() == MOST_IN_AN_HOUR + 1


def test_a_flag_is_announced_to_who_is_to_see_to_it_once(editor: User, checker: User) -> None:
    flag = make_flag()
    for _time in range(2):
        flag = flags.assign(flag, to=checker, by=editor, at=now(), row_version=flag.row_version)
    flags.assign(flag, to=editor, by=editor, at=now(), row_version=flag.row_version)
    assert send_notices.enqueue().return_value == {"sent": 1}
    [letter] = mail.outbox
    assert letter.to == ["checker@redazione.example"]
    assert letter.subject.startswith("Ti è stata assegnata una segnalazione")
    assert f"/desk/flags/{flag.code}/\n" in letter.body


def test_who_replies_or_flags_waits_for_no_mail_to_the_desk(
    reader: Client, editor: User, settings: Settings
) -> None:
    claim = make_appearance().claim
    page = f"{claim.get_absolute_url()}flag/"
    form = reader.get(page).context["form"]
    sent_in = {"kind": "rectification", "message": "No.", "name": "Ida", "token": form.initial["token"]}
    assert reader.post(page, sent_in).status_code == 302
    assert Notice.objects.get().state == "waiting" and mail.outbox == []
    run()
    assert Notice.objects.get().state == "sent"


def test_an_answer_is_announced_as_one(editor: User, reporter: User) -> None:
    claim = make_appearance().claim
    thread = make_thread(claim, by=editor)
    comments.comment(thread, body="Lo dice la relazione.", by=reporter, at=now())
    send_notices.enqueue()
    [letter] = mail.outbox
    assert "ha risposto in una discussione a cui partecipi" in letter.subject
    assert claim.text in letter.body
    assert f"/desk/claims/{claim.code}/comments/#comment-" in letter.body


def test_a_notice_tells_nothing_that_is_confidential(reporter: User) -> None:
    article = make_article()
    source = make_source(name="Una persona informata", desk_only=True)
    ConfidentialSource.objects.create(
        source=source, real_name="Nerina Sottovoce", contact="Nerina", note="Nerina", reason="Nerina"
    )
    attribution = make_attribution(article, source=source)
    comments.comment(attribution.annotation, body="@editor, di chi è?", by=reporter, at=now())
    send_notices.enqueue()
    [letter] = mail.outbox
    for name in ("Nerina", "Una persona informata"):
        assert name not in str(letter.message())


# Once or not at all


def test_what_was_sent_is_not_sent_again(notice: Notice) -> None:
    send_notices.enqueue()
    send_notices.enqueue()
    run()
    assert len(mail.outbox) == 1


def test_what_the_server_refused_is_tried_again_by_the_command(
    notice: Notice, post: LocalMail, capsys: pytest.CaptureFixture[str]
) -> None:
    post.answers["RCPT"] = "451 later"
    assert send_notices.enqueue().return_value == {"failed": 1}
    assert state(notice) == ("failed", 1)
    assert "later" in notice.failure
    assert send_notices.enqueue().return_value == {}  # the task leaves it to the command
    run(failing="1 failed: run this again later")
    assert state(notice) == ("failed", 2)
    post.answers.clear()
    run()
    assert state(notice) == ("sent", 3)
    assert notice.failure == ""
    run()
    assert len(post.letters) == 1
    assert "1 of 1: sent" in capsys.readouterr().out


def test_what_may_have_been_sent_is_not_sent_again(
    notice: Notice, post: LocalMail, capsys: pytest.CaptureFixture[str]
) -> None:
    post.answers["taken"] = HANG_UP
    send_notices.enqueue()
    assert state(notice) == ("sending", 1)
    post.answers.clear()
    run()
    assert len(post.letters) == 1
    assert "may have been sent" not in capsys.readouterr().out  # it may be under way just now
    Notice.objects.update(tried_at=now() - timedelta(hours=1))
    run()
    assert "1 may have been sent or not" in capsys.readouterr().out
    assert len(post.letters) == 1


def test_of_two_who_send_at_the_same_time_one_does(notice: Notice) -> None:
    first, second = Notice.objects.get(), Notice.objects.get()
    assert first.take(at=now())
    assert not second.take(at=now())
    assert not second.drop()
    assert list(sent(Notice.objects.filter(pk=notice.pk, state="waiting"))) == []
    assert mail.outbox == []


def test_who_turned_notices_off_in_between_gets_none(notice: Notice, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(notices=False)
    assert send_notices.enqueue().return_value == {"dropped": 1}
    User.objects.filter(pk=editor.pk).update(notices=True)
    run()
    assert mail.outbox == []
    assert state(notice) == ("dropped", 0)


def test_what_is_old_is_no_news_and_is_not_sent(notice: Notice) -> None:
    Notice.objects.update(at=now() - FRESH)
    assert send_notices.enqueue().return_value == {"dropped": 1}
    assert mail.outbox == []


def test_after_many_attempts_it_is_given_up(notice: Notice, post: LocalMail) -> None:
    Notice.objects.update(state="failed", attempts=MOST_ATTEMPTS, tried_at=now())
    run()
    assert post.letters == []


def test_without_a_server_nothing_is_sent_and_nothing_is_lost(notice: Notice, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    assert send_notices.enqueue().return_value == {}
    assert state(notice) == ("waiting", 0)
    run(failing="CONTROLUCE_MAIL_URL")


def test_a_notice_costs_few_queries(
    notice: Notice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The newsroom, the notices; of each its words, its taking and how it went."""
    with django_assert_num_queries(2 + 3):
        assert list(sent(Notice.objects.waiting())) == ["sent"]
