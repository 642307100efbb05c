"""What is written to people of the desk and to readers: an e-mail, arranged as a page is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from newsroom.models import InvitationMail, Newsroom, Notice, ReaderMail, Reply, RequestForComment

from .flagging import is_public, title_of
from .threads import comment_url, subjects


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """In the active language. It holds words of articles, claims and comments, nothing confidential."""

    subject: str
    headline: str
    words: str
    about: str
    body: str
    url: str
    #: Empty if nobody chooses whether to get it.
    settings_url: str
    newsroom: str


def notice_letter(notice: Notice, newsroom: Newsroom) -> NoticeLetter:
    headline = _headline(notice)
    is_for_all = notice.reason == Notice.Reason.EMERGENCY
    if notice.comment:
        about, words, body, url = _of_a_comment(notice)
    elif is_for_all:
        about, words, body, url = _of_an_emergency(notice)
    elif notice.webhook:
        about, words, body, url = _of_a_webhook(notice)
    elif notice.reply:
        about, words, body, url = _of_a_reply(notice)
    elif notice.flag:
        about, words, body, url = _of_a_flag(notice)
    else:
        about, words, body, url = _of_a_claim(notice)
    return NoticeLetter(
        subject=(f"{headline}: {about}" if about else headline)[:150],
        headline=headline,
        words=words,
        about=about,
        body=body,
        url=newsroom.address + url,
        settings_url="" if is_for_all else newsroom.address + reverse("desk:me"),
        newsroom=str(newsroom),
    )


def _of_a_comment(notice: Notice) -> tuple[str, str, str, str]:
    """What it is about, which words, what is said, and where."""
    comment = notice.comment
    on = comment.thread.subject
    subject = subjects([on])[on]
    about = subject.article.headline if subject.article else subject.words
    return about, subject.words if subject.article else "", comment.body, comment_url(comment)


def _of_a_claim(notice: Notice) -> tuple[str, str, str, str]:
    """The same of an assignment or a review."""
    claim = (notice.assignment or notice.review).claim
    body = notice.review.summary if notice.review else ""
    if notice.reason == Notice.Reason.CHANGES:
        body = notice.review.changes_note
    elif notice.assignment and notice.assignment.due:
        body = _("To be done by %(day)s.") % {"day": date_format(notice.assignment.due, "SHORT_DATE_FORMAT")}
    return claim.text, "", body, reverse("desk:claim", args=[claim.code])


def _of_a_reply(notice: Notice) -> tuple[str, str, str, str]:
    """Its words are not public, and who signed them is nobody's business but the desk's: they stand there."""
    if notice.reply.state == Reply.State.KEPT:
        body = _("It stays inside: whoever wrote it does not want it published.")
    else:
        body = _("Nobody outside the desk reads it before it is accepted.")
    return notice.reply.request.claim.text, "", body, reverse("desk:reply", args=[notice.reply.code])


def _of_a_flag(notice: Notice) -> tuple[str, str, str, str]:
    """What it is about and until when it is to be decided; no word of the reader's."""
    due = date_format(localtime(notice.flag.due), "SHORT_DATETIME_FORMAT")
    body = _("%(kind)s. To be decided by %(day)s.") % {"kind": notice.flag.get_kind_display(), "day": due}
    url = reverse("desk:flag", args=[notice.flag.code])
    subject = notice.flag.subject
    title = title_of(subject)[0] if is_public(subject, at=notice.at) else ""
    return title, "", body[:1].upper() + body[1:], url


def _of_a_webhook(notice: Notice) -> tuple[str, str, str, str]:
    body = _("Its address answered nothing for five days. Once it does again, make it active again.")
    page = reverse("admin:newsroom_webhook_change", args=[notice.webhook.pk])
    return notice.webhook.name, "", body, page


def _of_an_emergency(notice: Notice) -> tuple[str, str, str, str]:
    moment = date_format(localtime(notice.at), "SHORT_DATETIME_FORMAT")
    body = _(
        "It is for when nobody else comes in. If none of you used it, end its access at once, and find out "
        "who knows its password and has its second factor."
    )
    return f"{settings.EMERGENCY_ACCOUNT}, {moment}", "", body, reverse("admin:newsroom_deed_changelist")


def _headline(notice: Notice) -> str:
    match notice.reason:
        case Notice.Reason.REPLIED:
            return _("A reply came in")
        case Notice.Reason.SIGNED:
            return _("Somebody asks for something in their own name")
        case Notice.Reason.ASSIGNED if notice.flag:
            return _("A flag by a reader was assigned to you")
        case Notice.Reason.ASSIGNED:
            return _("%(who)s assigned a claim to you") % {"who": notice.assignment.by.desk_name}
        case Notice.Reason.CHANGES:
            return _("Your review was sent back to be changed")
        case Notice.Reason.APPROVED:
            return _("Your review was approved")
        case Notice.Reason.EMERGENCY:
            return _("The emergency account was used")
        case Notice.Reason.STOPPED:
            return _("A webhook was stopped")
    who = {"who": notice.comment.by.desk_name}
    if notice.reason == Notice.Reason.MENTIONED:
        return _("%(who)s mentions you in a comment") % who
    return _("%(who)s answered in a thread that you take part in") % who


@dataclass(frozen=True, slots=True)
class ReaderLetter:
    """In the active language. No word of the reader's or of the answer is in it: they are behind its link."""

    subject: str
    headline: str
    about: str
    asks: str
    url: str
    ends: str
    newsroom: str


def reader_letter(row: ReaderMail, newsroom: Newsroom, *, url: str, at: datetime) -> ReaderLetter:
    subject = row.flag.subject
    title = title_of(subject)[0] if is_public(subject, at=at) else ""
    if row.reason == ReaderMail.Reason.CONFIRM:
        headline = _("Is this address yours?")
        asks = _(
            "Somebody left it to get an answer to what they wrote to us about this. If it was you, say so:"
        )
        ends = _("If it was not you, do nothing: we write no more, and delete the address after seven days.")
    else:
        headline = (
            _("We have answered what you wrote to us")
            if row.reason == ReaderMail.Reason.ANSWER
            else _("We have decided on what you wrote to us")
        )
        asks = _("You read it on this page, which is yours alone:")
        ends = _("Keep the link to yourself: whoever has it reads the page.")
    return ReaderLetter(
        subject=f"{headline} · {newsroom}"[:150],
        headline=headline,
        about=title,
        asks=asks,
        url=newsroom.address + url,
        ends=ends,
        newsroom=str(newsroom),
    )


def invitation_letter(row: InvitationMail, newsroom: Newsroom, *, url: str) -> ReaderLetter:
    """What it is about, and who is asked, is behind the link and not in the mail."""
    until = row.invitation.expires_at
    if row.reason == InvitationMail.Reason.OUTCOME:
        headline = _("We have decided on your reply")
        asks = _("You read it on this page, which is yours alone:")
        ends = _("Keep the link to yourself: whoever has it reads the page.")
    else:
        is_opinion = row.invitation.request.kind == RequestForComment.Kind.OPINION
        headline = _("We ask for your opinion") if is_opinion else _("We ask for your comment")
        asks = _("What we ask, and where you answer, is on this page, which is yours alone:")
        ends = _(
            "The link is open until %(day)s, %(time)s, and takes one answer. Whoever has it can answer in "
            "your place: keep it to yourself. We delete your address some time after the decision."
        ) % {
            "day": date_format(localtime(until), "DATE_FORMAT"),
            "time": date_format(localtime(until), "TIME_FORMAT"),
        }
    return ReaderLetter(
        subject=f"{headline} · {newsroom}"[:150],
        headline=headline,
        about="",
        asks=asks,
        url=newsroom.address + url,
        ends=ends,
        newsroom=str(newsroom),
    )
