"""What is written to people of the desk: an e-mail, arranged as a page is."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.models import Newsroom, Notice

from .threads import comment_url, subjects


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """In the active language. It holds words of the article and of the comment, and nothing confidential."""

    subject: str
    headline: str
    words: str
    about: str
    body: str
    url: str
    settings_url: str
    newsroom: str


def notice_letter(notice: Notice, newsroom: Newsroom) -> NoticeLetter:
    comment = notice.comment
    on = comment.thread.subject
    subject = subjects([on])[on]
    about = subject.article.headline if subject.article else subject.words
    return NoticeLetter(
        subject=f"{_headline(notice)}: {about}"[:150],
        headline=_headline(notice),
        words=subject.words if subject.article else "",
        about=about,
        body=comment.body,
        url=newsroom.address + comment_url(comment),
        settings_url=newsroom.address + reverse("desk:me"),
        newsroom=str(newsroom),
    )


def _headline(notice: Notice) -> str:
    who = {"who": notice.comment.by.desk_name}
    if notice.reason == Notice.Reason.MENTIONED:
        return _("%(who)s mentions you in a comment") % who
    return _("%(who)s answered in a thread that you take part in") % who
