"""What is held on a person, whole, as data: for who asks for a copy (GDPR, articles 15 and 20).

A reader is found by the address that they left, or by the private page that they hold; somebody of the desk
by the account. People whom articles are about are no account and left no address: what is said of them is
public with its sources, and is answered for by corrections, rectifications and erasure (docs/privacy.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.db.models.fields.related import ForeignKey

from newsroom.models import Comment, Flag, FlagLetter, Invitation, SavedView, Subscriber, User

from .flagging import answers_to, current_target, is_public, public_among, title_of

Held = dict[str, Any]


def held_of_flag(flag: Flag, *, at: datetime) -> Held:
    """All that is kept of what one reader wrote. What it is about is named only while readers may meet it."""
    shown = is_public(flag.subject, at=at)
    target = current_target(flag) if shown else None
    letter = FlagLetter.objects.filter(flag=flag).first()
    held: Held = {
        "kind": flag.kind,
        "kind_name": str(flag.get_kind_display()),
        "received": flag.at,
        "due": flag.due,
        "about": title_of(flag.subject)[0] if shown else None,
        "words": target.exact if target else None,
        "state": flag.state,
        "decided": flag.decided_at,
        "public_outcome": flag.standing().outcome or None,
        "mails": [
            {"why": mail.reason, "at": mail.at, "state": mail.state} for mail in flag.mails.order_by("pk")
        ],
        "answers": [{"at": answer.at, "words": answer.words} for answer in answers_to(flag)],
        "rectifications": [
            {"words": row.words, "name": row.name, "published": row.at, "withdrawn": row.withdrawn_at}
            for row in flag.rectifications.order_by("pk")
        ],
        "private_addresses": [
            {"for": link.purpose, "made": link.at, "expires": link.expires_at}
            for link in flag.capabilities.order_by("pk")
        ],
    }
    if letter:
        held["written"] = {
            "message": letter.message,
            "name": letter.name,
            "address": letter.address,
            "language": letter.lang,
            "address_confirmed": letter.confirmed_at,
            "came": letter.how or None,
        }
    return held


def held_on_reader(address: str, *, at: datetime) -> Held:
    """What is kept on who left this address, wherever they did."""
    letters = FlagLetter.objects.of_address(address).order_by("pk")
    flags = Flag.objects.filter(letter__in=letters).select_related(
        "article", "claim", "source", "entity", "merged_into"
    )
    asked = Invitation.objects.filter(address__iexact=address).select_related("request__reply__letter")
    return {
        "address": address,
        "flags": [held_of_flag(flag, at=at) for flag in flags.order_by("pk")],
        "requests": [held_of_invitation(invitation) for invitation in asked.order_by("pk")],
        "follows": _held_of_follows(address, at=at),
    }


def held_of_invitation(invitation: Invitation) -> Held:
    """That somebody was asked by a private link, and what they replied."""
    request = invitation.request
    held: Held = {
        "kind": request.kind,
        "kind_name": str(request.get_kind_display()),
        "asked": request.asked,
        "received": request.asked_at,
        "language": invitation.lang,
        "mails": [
            {"why": mail.reason, "at": mail.at, "state": mail.state}
            for mail in invitation.mails.order_by("pk")
        ],
        "private_addresses": [
            {"for": link.purpose, "made": link.at, "expires": link.expires_at}
            for link in invitation.capabilities.order_by("pk")
        ],
    }
    reply = getattr(request, "reply", None)
    if reply is not None:
        letter = getattr(reply, "letter", None)
        held["reply"] = {
            "at": reply.at,
            "state": reply.state,
            "words": letter.words if letter else request.answer,
            "name": letter.name if letter else reply.signature,
            "decided": reply.decided_at,
            "reason": reply.reason or None,
        }
    return held


def _held_of_follows(address: str, *, at: datetime) -> Held | None:
    """What is kept on who follows something at this address; nothing is named that is not public now."""
    reader = Subscriber.objects.filter(key=Subscriber.key_of(address)).first()
    if reader is None:
        return None
    things = [(row, row.subject) for row in reader.follows.with_things().order_by("pk")]
    public = public_among((subject for _row, subject in things), at=at)
    return {
        "address": reader.address,
        "language": reader.lang,
        "how_often": reader.rhythm,
        "since": reader.at,
        "address_confirmed": reader.confirmed_at,
        "told_until": reader.told_until,
        "things": [
            {
                "about": title_of(subject)[0] if (type(subject), subject.pk) in public else None,
                "since": row.at,
                "confirmed": row.confirmed_at,
            }
            for row, subject in things
        ],
        "mails": [
            {"why": mail.reason, "at": mail.at, "state": mail.state} for mail in reader.mails.order_by("pk")
        ],
    }


#: Beside when and what, what somebody wrote or chose for themselves.
_OWN: dict[type[Model], Callable[[Any], Held]] = {
    Comment: lambda row: {"body": row.body},
    SavedView: lambda row: {"name": row.name, "query": row.query},
}
#: Of the account itself. No secret: neither the hash of the password nor what a second factor is proved by.
_ACCOUNT = (
    *("username", "first_name", "last_name", "email", "role_title", "signature", "language", "notices"),
    *("is_active", "is_staff", "date_joined", "last_login"),
)


def held_on_colleague(person: User) -> Held:
    """The account, and each row of each table that names it: which one, and when."""
    held: Held = {
        "account": {name: getattr(person, name) for name in _ACCOUNT},
        "groups": [group.name for group in person.groups.order_by("name")],
    }
    for field in fields_that_name_people():
        rows = field.model._base_manager.filter(**{field.name: person}).order_by("pk")
        if lines := list(_lines(rows.iterator(chunk_size=1000))):
            held[f"{field.model._meta.label_lower}.{field.name}"] = lines
    return held


def fields_that_name_people() -> list[ForeignKey[Any, Any]]:
    """Every foreign key to a person, of every table of the site."""
    related = User._meta.get_fields(include_hidden=True)
    fields = [
        each.field
        for each in related
        if each.auto_created and not each.concrete and (each.one_to_many or each.one_to_one)
    ]
    return sorted(fields, key=lambda field: (field.model._meta.label_lower, field.name))


def _lines(rows: Iterable[Model]) -> Iterable[Held]:
    for row in rows:
        line: Held = {"id": str(getattr(row, "uuid", row.pk))}
        moment = next((getattr(row, name) for name in _MOMENTS if hasattr(row, name)), None)
        yield line | ({"at": moment} if moment else {}) | _OWN.get(type(row), _nothing)(row)


#: As tables call when something was done.
_MOMENTS = ("at", "created_at", "history_date", "seen_at", "action_time", "proposed_at")


def _nothing(_row: Model) -> Held:
    return {}
