"""What every public thing shares: a uuid, the short code made of it, and a natural key for fixtures."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from newsroom.text import codes

from . import keys  # noqa: F401 -- rows can be asked for by many keys from here on

validate_lang = RegexValidator(
    r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Write a language tag such as “it” or “en-GB” (BCP 47).")
)


class IdentifiedQuerySet(models.QuerySet):
    def with_code(self, code: str) -> Self:
        """The rows whose public code this is: one, or none if the code is malformed."""
        bounds = codes.uuid_range(code)
        return self.filter(uuid__range=bounds) if bounds else self.none()

    def in_language(self, lang: str) -> Self:
        """The rows of a language, its regional kinds included: “it” is “it-IT” too (RFC 4647, 3.3.1)."""
        return self.filter(Q(lang__iexact=lang) | Q(lang__istartswith=f"{lang}-"))

    def get_by_natural_key(self, uuid: str) -> models.Model:
        return self.get(uuid=uuid)


class Identified(models.Model):
    """A row that the world may name: by `uuid` in data, by `code` in addresses, never by its key."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = IdentifiedQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (str(self.uuid),)

    @property
    def code(self) -> str:
        return codes.encode(self.uuid)

    def address_under(self, view: str, *, words: str) -> str:
        """The public address `<slug>-<code>` under a view, in the active language.

        The slug is made of `words` and is for people; the code decides.
        """
        slug = slugify(words)[:60].strip("-") or self._meta.model_name
        before, after = _round_address(view, get_language())
        return f"{before}{slug}-{self.code}{after}"


@cache
def _round_address(view: str, _language: str) -> tuple[str, str]:
    """What stands before and after `<slug>-<code>`: `reverse()` is slow for a page of hundreds."""
    before, after = reverse(view, args=["0"]).rsplit("0", 1)
    return before, after


class LangField(models.CharField):
    """A BCP 47 language tag."""

    def __init__(self, verbose_name=None, **kwargs):
        given = {"max_length": 35, "default": "it", "validators": [validate_lang]} | kwargs
        super().__init__(verbose_name or _("language"), **given)
