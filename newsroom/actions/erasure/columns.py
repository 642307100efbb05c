"""Where words can stand: every column of text, data and files of every model, found and not listed.

A model that is added tomorrow is covered today. What is left out is what can hold no words: choices from a
list, formats such as dates and languages (their validators refuse any word), and what follows from other
columns by itself (the entries of the search).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from newsroom.models import (
    ApiToken,
    Capability,
    Deed,
    Delivery,
    Erasure,
    ErasurePass,
    KeptAnswer,
    RatingLabel,
    RatingLevel,
    RatingScale,
    Revision,
    SearchDebt,
    Shown,
    Subscriber,
    Webhook,
)
from newsroom.models.searchable import SearchEntry
from newsroom.text.redaction import MASK, PLAIN, Wanted, redacted, redacted_folded

#: What stands in a column that words can stand in.
_SAMPLES = (PLAIN, f"https://{PLAIN}.example/", f"{PLAIN}@{PLAIN}.example")
#: Whole values that are addresses, with plain letters only.
ADDRESSES = (models.SlugField, models.URLField, models.EmailField)


#: Columns that have a step of their own (a text, with all its offsets), or words of ours that never change;
#: and what is made by chance.
LEFT_OUT: dict[type[models.Model], set[str]] = {
    Revision: {"html", "text", "blocks", "sha256"},
    Deed: {"verb", "objects_touched"},
    Erasure: {"hashes"},
    ApiToken: {"scopes", "digest", "prefix"},
    Webhook: {"events"},
    Delivery: {"event"},
    Capability: {"digest"},
    Subscriber: {"key"},
    KeptAnswer: {"key", "sent"},
}
#: Models of which the database lets nobody change a row while this is set (models/guards.py).
IN_FORCE: dict[type[models.Model], str] = {
    RatingScale: "in_force_since",
    RatingLevel: "scale__in_force_since",
    RatingLabel: "level__scale__in_force_since",
}


def models_with_words() -> Iterator[tuple[type[models.Model], tuple[models.Field, ...]]]:
    """Each model with its columns of text and data. Sessions, which are in code, are looked into apart."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, SearchEntry | SearchDebt | ErasurePass | Shown | Session) or model._meta.proxy:
            continue
        left_out = LEFT_OUT.get(model, set())
        fields = tuple(
            field
            for field in model._meta.concrete_fields
            if holds_words(field) and field.name not in left_out
        )
        if fields:
            yield model, fields


def models_with_files() -> Iterator[tuple[type[models.Model], models.FileField]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                yield model, field


@cache
def holds_words(field: models.Field) -> bool:
    """Whether any word may be written there."""
    if isinstance(field, models.JSONField):
        return True
    if field.primary_key or field.choices or isinstance(field, models.FileField):
        return False
    if not isinstance(field, models.CharField | models.TextField):
        return False
    return any(_is_valid(field, sample) for sample in _SAMPLES)


def without(value: str, field: models.Field, wanted: Wanted) -> str:
    """The value of a column of text without the words, as the column takes it."""
    if field.name == "sort_key":
        return fitting(redacted_folded(value, wanted), field)
    is_address = isinstance(field, ADDRESSES)
    after = redacted(value, wanted, is_address=is_address)
    if after == value:
        return value
    if isinstance(field, models.EmailField):
        # With words taken out it would be somebody else's, and mail would go there (RFC 2606, section 2).
        return fitting(f"{PLAIN}@{PLAIN}.invalid", field)
    if not is_address and not _is_valid(field, fitting(MASK, field)):
        # A name to sign in with, for one, has plain letters only.
        after = redacted(value, wanted, is_address=True)
    return fitting(after, field)


def fitting(value: str, field: models.Field) -> str:
    """No longer than the column takes: the mask may be longer than the words."""
    limits = [
        validator.limit_value for validator in field.validators if isinstance(validator, MaxLengthValidator)
    ]
    return value[: min(limits)] if limits else value


def _is_valid(field: models.Field, value: str) -> bool:
    try:
        field.run_validators(value)
    except ValidationError:
        return False
    return True
