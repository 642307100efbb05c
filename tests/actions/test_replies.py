"""Replies by private link: asked, answered once, and taken whole or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from newsroom.actions import replies, requests
from newsroom.actions.refusals import Overtaken, Refused, Sent
from newsroom.models import (
    Capability,
    Claim,
    Deed,
    Invitation,
    InvitationMail,
    Reply,
    ReplyLetter,
    RequestForComment,
    Review,
    User,
)
from newsroom.models.reply import REPLY_LENGTH
from tests.making import LATER, THEN, make_claim, make_invitation, make_reply, make_review

pytestmark = pytest.mark.django_db

Asking = Callable[..., replies.Invited]
Answering = Callable[..., replies.Received]

WORDS = "Il ponte è agibile.\n\nLo dice il collaudo del 3 maggio."


@pytest.fixture
def ask(checker: User) -> Asking:
    def invite(claim: Claim | None = None, **given: object) -> replies.Invited:
        usual = {"kind": "comment", "asked": "Il Comune", "lang": "it", "days": 7, "by": checker, "at": THEN}
        return replies.invite(claim or make_claim(), **(usual | given))

    return invite


@pytest.fixture
def answer() -> Answering:
    def receive(secret: str, **given: object) -> replies.Received:
        usual = {"words": WORDS, "name": "Ida Bruni", "seen": None, "uuid": uuid4(), "at": LATER}
        return replies.receive(secret, **(usual | given))

    return receive


def open_until_later(**given: object) -> tuple[Invitation, str]:
    """An invitation that is open at the moment in which the tests answer, and its secret."""
    invitation = make_invitation(expires_at=LATER + timedelta(days=1), **given)
    lasts = invitation.expires_at - THEN
    return invitation, Capability.grant("reply", at=THEN, lasts=lasts, invitation=invitation)


def draft(**given: object) -> Review:
    return make_review(state="proposed", **given)


def test_who_is_asked_by_a_link_leaves_the_one_record_of_a_request(ask: Asking) -> None:
    claim = make_claim(accuses="yes", accused="Il Comune")
    invitation, secret = ask(claim)
    request = RequestForComment.objects.get()
    assert (request.asked, request.whom, request.asked_at) == ("Il Comune", "Il Comune", THEN)
    assert invitation.request == request and request.is_open and secret
    assert not Capability.objects.filter(digest=secret).exists()
    assert "Comune" not in str(Deed.objects.touching(request).values_list("before", "after"))


def test_a_link_that_goes_by_mail_is_told_nobody_else(ask: Asking) -> None:
    invited = ask(address="comune@lettori.example")
    assert invited.secret == ""
    assert InvitationMail.objects.get().reason == "ask"
    assert not Capability.objects.exists()


def test_a_form_that_is_sent_twice_asks_once(ask: Asking) -> None:
    claim, uuid = make_claim(), uuid4()
    first, second = ask(claim, uuid=uuid), ask(claim, uuid=uuid, at=THEN + timedelta(seconds=2))
    assert first.invitation == second.invitation and second.secret != first.secret
    assert RequestForComment.objects.count() == 1


def test_a_request_that_was_noted_by_hand_becomes_no_link(ask: Asking, checker: User) -> None:
    claim, uuid = make_claim(), uuid4()
    given = {"asked": "Il Comune", "how": "by a private link", "asked_at": THEN}
    requests.ask_for_comment(claim, **given, uuid=uuid, by=checker, at=THEN - timedelta(0))
    RequestForComment.objects.update(at=LATER)
    with pytest.raises(Sent):
        ask(claim, uuid=uuid, at=THEN, asked="Un altro")


@pytest.mark.parametrize("days", [0, 61])
def test_a_link_is_open_for_a_while_and_not_for_ever(ask: Asking, days: int) -> None:
    with pytest.raises(Refused) as refusal:
        ask(days=days)
    assert refusal.value.code == "days"


def test_a_draft_of_another_claim_or_one_that_was_dropped_is_shown_to_nobody(ask: Asking) -> None:
    claim = make_claim()
    for review in (draft(), make_review(claim=claim, state="withdrawn", withdrawal_reason="No.")):
        with pytest.raises(Refused) as refusal:
            ask(claim, review=review)
        assert refusal.value.code == "review"


def test_an_expert_is_asked_about_a_draft(ask: Asking) -> None:
    with pytest.raises(Refused) as refusal:
        ask(kind="opinion")
    assert refusal.value.code == "review"


def test_an_expert_who_was_asked_is_not_the_accused_who_was(ask: Asking) -> None:
    claim = make_claim(accuses="yes", accused="Il Comune")
    ask(claim, kind="opinion", asked="Una geologa", review=draft(claim=claim))
    assert not claim.requests.of_the_accused(claim).exists()


def test_a_reply_waits_with_its_words_apart_and_the_request_is_answered(answer: Answering) -> None:
    invitation, secret = open_until_later()
    reply, follow = answer(secret)
    request = RequestForComment.objects.get()
    assert (reply.state, reply.signature, request.answer) == ("waiting", "", "")
    assert (request.answered_at, reply.letter.words, reply.letter.name) == (LATER, WORDS, "Ida Bruni")
    assert RequestForComment.objects.settled().of_the_accused(request.claim).exists()
    assert follow != secret and not Deed.objects.touching(reply).exists()


def test_html_is_words_like_others_and_paragraphs_are_kept(answer: Answering) -> None:
    _invitation, secret = open_until_later()
    reply = answer(secret, words="<b>No.</b>\r\n\r\n\r\n\r\nMai.  ").reply
    assert reply.letter.words == "<b>No.</b>\n\nMai."


def test_a_link_is_answered_once(answer: Answering) -> None:
    _invitation, secret = open_until_later()
    answer(secret)
    with pytest.raises(Refused) as refusal:
        answer(secret, words="Anzi, no.")
    assert refusal.value.code == "link"
    assert ReplyLetter.objects.get().words == WORDS


def test_two_clicks_on_one_button_are_one_reply(answer: Answering) -> None:
    _invitation, secret = open_until_later()
    uuid = uuid4()
    assert answer(secret, uuid=uuid).reply == answer(secret, uuid=uuid).reply


def test_a_link_that_expired_was_closed_or_is_made_up_takes_nothing(answer: Answering, checker: User) -> None:
    _old, late = open_until_later()
    closed, revoked = open_until_later()
    replies.close(closed, by=checker, at=THEN)
    after = LATER + timedelta(days=1)
    for secret, at in ((late, after), (revoked, LATER), ("inventato", LATER)):
        with pytest.raises(Refused) as refusal:
            answer(secret, at=at)
        assert refusal.value.code == "link"
    assert not Reply.objects.exists()


def test_a_link_is_closed_once_another_answer_is_noted(answer: Answering, checker: User) -> None:
    invitation, secret = open_until_later()
    requests.note_answer(invitation.request, answer="", answered_at=LATER, by=checker, at=LATER)
    with pytest.raises(Refused):
        answer(secret)
    with pytest.raises(Refused):
        replies.close(invitation, by=checker, at=LATER)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"words": " \n "}, "words"),
        ({"words": "è" * (REPLY_LENGTH + 1)}, "words"),
        ({"name": " "}, "name"),
        ({"opinion": "approves"}, "opinion"),
    ],
)
def test_a_reply_says_something_not_too_long_and_is_signed(
    answer: Answering, given: dict[str, object], code: str
) -> None:
    _invitation, secret = open_until_later()
    with pytest.raises(Refused) as refusal:
        answer(secret, **given)
    assert refusal.value.code == code


def test_who_replies_to_a_draft_that_was_changed_meanwhile_is_told(answer: Answering) -> None:
    review = draft()
    _invitation, secret = open_until_later(claim=review.claim, review=review)
    Review.objects.filter(pk=review.pk).update(row_version=2)
    with pytest.raises(Overtaken):
        answer(secret, seen=1)
    assert answer(secret, seen=2).reply.review == review


def test_an_expert_says_yes_or_no_and_whether_it_may_be_read(answer: Answering) -> None:
    review = draft()
    given = {"claim": review.claim, "kind": "opinion", "review": review}
    _invitation, secret = open_until_later(**given)
    with pytest.raises(Refused):
        answer(secret, seen=1)
    reply = answer(secret, seen=1, opinion="objects", may_be_public=False).reply
    assert (reply.state, reply.may_be_public, reply.opinion) == ("kept", False, "objects")
    _invitation, secret = open_until_later(**given)
    assert answer(secret, seen=1, opinion="approves").reply.is_waiting


def test_what_an_expert_wrote_for_the_desk_alone_is_never_public(answer: Answering, editor: User) -> None:
    review = draft()
    _invitation, secret = open_until_later(claim=review.claim, kind="opinion", review=review)
    reply = answer(secret, seen=1, opinion="objects", may_be_public=False).reply
    for deed in (replies.accept, replies.reopen):
        with pytest.raises(Refused):
            deed(reply, by=editor, at=LATER, row_version=reply.row_version)


def test_accepted_a_reply_stands_as_it_was_written_and_in_one_place(editor: User) -> None:
    reply = replies.accept(make_reply(words=WORDS), by=editor, at=LATER, row_version=1)
    assert (reply.request.answer, reply.signature, reply.state) == (WORDS, "Ida Bruni", "accepted")
    assert not ReplyLetter.objects.exists()
    assert WORDS[:10] not in str(
        Deed.objects.touching(reply).values_list("before", "after", "objects_touched")
    )


def test_refused_a_reply_stays_inside_with_its_reason(editor: User) -> None:
    reply = make_reply(words=WORDS)
    given = {"by": editor, "at": LATER, "row_version": 1}
    with pytest.raises(Refused) as refusal:
        replies.refuse(reply, ground="third", reason=" ", **given)
    assert refusal.value.code == "reason"
    replies.refuse(reply, ground="unlawful", reason="Offende una persona.", **given)
    assert ReplyLetter.objects.get().words == WORDS
    assert RequestForComment.objects.get().answer == ""
    assert Deed.objects.touching(reply).get().after == {"ground": "unlawful"}


def test_a_reply_is_not_kept_for_the_desk(editor: User) -> None:
    with pytest.raises(Refused):
        replies.keep(make_reply(), by=editor, at=LATER, row_version=1)


def test_of_two_editors_the_second_is_told(editor: User) -> None:
    reply = make_reply()
    replies.accept(reply, by=editor, at=LATER, row_version=1)
    with pytest.raises(Overtaken):
        replies.refuse(reply, ground="third", reason="No.", by=editor, at=LATER, row_version=1)
    with pytest.raises(Refused):
        replies.accept(reply, by=editor, at=LATER, row_version=2)


@pytest.mark.parametrize("how", ["author", "contributors"])
def test_who_wrote_the_rating_does_not_decide_alone_that_nobody_reads_the_reply(
    editor: User, how: str
) -> None:
    claim = make_claim()
    review = make_review(claim=claim, **({"author": editor} if how == "author" else {}))
    if how == "contributors":
        review.contributors.add(editor)
    reply = make_reply(claim=claim)
    with pytest.raises(Refused) as refusal:
        replies.refuse(reply, ground="third", reason="Nomina altri.", by=editor, at=LATER, row_version=1)
    assert refusal.value.code == "author"
    replies.accept(reply, by=editor, at=LATER, row_version=1)
    with pytest.raises(Refused) as refusal:
        replies.reopen(reply, by=editor, at=LATER, row_version=2)
    assert refusal.value.code == "author"


def test_an_accepted_reply_that_is_looked_at_again_is_public_no_more(editor: User) -> None:
    reply = make_reply(state="accepted", words=WORDS)
    replies.reopen(reply, by=editor, at=LATER, row_version=1)
    assert RequestForComment.objects.get().answer == ""
    assert ReplyLetter.objects.get().words == WORDS
    assert Reply.objects.get().is_waiting


def test_who_left_an_address_is_told_what_was_decided(editor: User) -> None:
    reply = make_reply(make_invitation(address="ida@lettori.example"))
    replies.accept(reply, by=editor, at=LATER, row_version=1)
    assert InvitationMail.objects.get().reason == "outcome"


def test_where_they_see_what_came_of_it_is_open_as_long_as_they_may_wait(editor: User) -> None:
    invitation, secret = open_until_later()
    reply = replies.receive(secret, words=WORDS, name="Ida", seen=None, uuid=uuid4(), at=LATER).reply
    late = LATER + timedelta(days=700)
    link = Capability.objects.get(invitation=invitation, purpose="replied")
    assert link.expires_at > late
    replies.refuse(reply, ground="unlawful", reason="No.", by=editor, at=late, row_version=1)
    link.refresh_from_db()
    assert link.expires_at == late + timedelta(days=365)


def test_what_is_kept_on_who_was_asked_goes_in_time() -> None:
    unanswered = make_invitation(address="uno@lettori.example")
    decided = make_invitation(address="due@lettori.example")
    make_reply(decided, state="refused")
    waiting = make_reply(make_invitation(address="tre@lettori.example"))
    Capability.grant("reply", at=THEN, lasts=timedelta(days=1), invitation=unanswered)
    assert set(replies.forget(at=LATER).values()) == {0}
    gone = replies.forget(at=LATER + timedelta(days=37))
    assert gone["addresses of who was asked"] == 2
    assert set(Invitation.objects.values_list("address", flat=True)) == {"", "tre@lettori.example"}
    gone = replies.forget(at=LATER + timedelta(days=366))
    assert (gone["replies"], gone["links to replies"]) == (1, 1)
    assert ReplyLetter.objects.get().reply == waiting
    gone = replies.forget(at=LATER + timedelta(days=731))
    assert (gone["replies"], gone["addresses of who was asked"]) == (1, 1)


def test_who_asks_for_it_is_forgotten_but_for_what_is_public() -> None:
    for state in ("waiting", "accepted"):
        make_reply(make_invitation(address="Ida@lettori.example"), state=state)
    other = make_reply(make_invitation(address="altra@lettori.example"))
    assert replies.forget_replies("ida@lettori.example") == {"replies": 1}
    assert ReplyLetter.objects.get().reply == other
    assert Invitation.objects.exclude(address="").get().address == "altra@lettori.example"
    assert RequestForComment.objects.exclude(answer="").count() >= 1


def test_words_that_were_cleared_are_not_decided_again(editor: User) -> None:
    reply = make_reply(state="refused")
    ReplyLetter.objects.all().delete()
    with pytest.raises(Refused):
        replies.reopen(reply, by=editor, at=LATER, row_version=1)
    waiting = make_reply()
    ReplyLetter.objects.all().delete()
    with pytest.raises(Refused):
        replies.accept(waiting, by=editor, at=LATER, row_version=1)
