"""What a reader who follows something is shown and written: a digest, a private page, a question at first.

Everything is looked up at the moment at which it is told: what is not public then is not named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsroom.models import Follow, FollowerMail, Newsroom, Subscriber
from newsroom.models.shown import version_of_everything
from newsroom.text.news import Item

from .flagging import is_public, public_among, title_of
from .following import Subject, news_of

#: Of one thing so many are told; its page has the others.
MOST = 12


@dataclass(frozen=True, slots=True)
class ThingNews:
    """A thing that is followed, and what is new of it, the newest first."""

    title: str
    url: str
    items: tuple[Item, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class FollowedLine:
    """A thing on the page of who follows it; without a title it is not public now."""

    code: str
    title: str
    lang: str
    url: str
    waits: bool


@dataclass(frozen=True, slots=True)
class FollowingPage:
    subscriber: Subscriber
    follows: tuple[FollowedLine, ...]


@dataclass(frozen=True, slots=True)
class FollowerLetter:
    """In the active language; plain text with plain links, which are the same in everybody's letter but two:
    the private page, and the end of it all."""

    subject: str
    headline: str
    asks: str
    about: str
    things: tuple[ThingNews, ...]
    home: str
    page_url: str
    off_url: str
    ends: str
    newsroom: str


class News:
    """What is new, looked up once for all who follow a thing, for as long as nothing public changes."""

    def __init__(self) -> None:
        self._mark = ""
        self._found: dict[tuple[str, int, str], tuple[Item, ...] | None] = {}

    def of(
        self, subscriber: Subscriber, *, since: datetime, until: datetime, at: datetime
    ) -> list[ThingNews]:
        """In the active language: what came after `since`, or since they follow it, up to `until`."""
        mark = version_of_everything(at=at).mark
        if mark != self._mark:
            self._mark, self._found = mark, {}
        told: dict[str, ThingNews] = {}
        for follow in subscriber.follows.confirmed().with_things().order_by("at", "pk"):
            subject, begins = follow.subject, max(since, follow.confirmed_at)
            items = [item for item in self._items(subject, at=at) or () if begins < item.updated <= until]
            if items:
                url, title = subject.get_absolute_url(), title_of(subject)[0]
                found = ThingNews(title, url, tuple(items[:MOST]), len(items) > MOST)
                # Two names that were merged are one thing, told once, since the first of them was followed.
                told[url] = max(told.get(url, found), found, key=lambda thing: len(thing.items))
        return list(told.values())

    def _items(self, subject: Subject, *, at: datetime) -> tuple[Item, ...] | None:
        key = (subject._meta.label, subject.pk, get_language() or "")
        if key not in self._found:
            self._found[key] = news_of(subject, at=at) if is_public(subject, at=at) else None
        return self._found[key]


def digest_letter(
    things: list[ThingNews], newsroom: Newsroom, *, page_secret: str, off_secret: str
) -> FollowerLetter:
    headline = _("What is new of what you follow")
    return FollowerLetter(
        # A locked telephone shows it to whoever stands by: it does not say what somebody follows.
        subject=f"{headline} · {newsroom}"[:150],
        headline=headline,
        asks="",
        about="",
        things=tuple(things),
        home=newsroom.address,
        page_url=newsroom.address + reverse("reader:following-own", args=[page_secret]),
        off_url=newsroom.address + reverse("reader:following-off", args=[off_secret]),
        ends="",
        newsroom=str(newsroom),
    )


def asking_letter(
    mail: FollowerMail, newsroom: Newsroom, *, secret: str, days: int, at: datetime
) -> FollowerLetter:
    """The question whether who reads there wants it, or the private address that they asked for."""
    about = ""
    if mail.follow is not None:
        subject = mail.follow.subject
        about = title_of(subject)[0] if is_public(subject, at=at) else ""
        headline = _("Do you want to follow this by e-mail?")
        asks = _("Somebody left your address to be told when something is new of it. If it was you, say so:")
        ends = _(
            "If it was not you, do nothing: we write no more, and delete the address after %(days)s days."
        )
        ends %= {"days": days}
        url = reverse("reader:following-confirm", args=[secret])
    else:
        headline = _("Your private page")
        asks = _("On this page you see and change what you follow, or delete all of it:")
        ends = _("Keep the link to yourself: whoever has it reads the page. It works for thirty days.")
        url = reverse("reader:following-own", args=[secret])
    return FollowerLetter(
        subject=f"{headline} · {newsroom}"[:150],
        headline=headline,
        asks=asks,
        about=about,
        things=(),
        home=newsroom.address,
        page_url=newsroom.address + url,
        off_url="",
        ends=ends,
        newsroom=str(newsroom),
    )


def following_page(subscriber: Subscriber, *, at: datetime) -> FollowingPage:
    follows = [(row, row.subject) for row in subscriber.follows.with_things().order_by("at", "pk")]
    public = public_among((subject for _row, subject in follows), at=at)
    lines = (_followed(row, subject, (type(subject), subject.pk) in public) for row, subject in follows)
    return FollowingPage(subscriber, tuple(lines))


def _followed(follow: Follow, subject: Subject, shown: bool) -> FollowedLine:
    title, lang = title_of(subject) if shown else ("", "")
    url = subject.get_absolute_url() if shown else ""
    return FollowedLine(follow.code, title, lang, url, waits=follow.confirmed_at is None)
