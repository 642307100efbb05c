"""The newsroom itself: one installation is one newsroom, so this table has one row."""

from __future__ import annotations

import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .identity import Identified, IdentifiedQuerySet, LangField

#: Whom a policy may name: everybody, or an origin, also with all that stands under a domain.
_EMBEDDER = re.compile(
    r"\*|https?://(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?"
)


def validate_embedders(typed: str) -> None:
    for word in typed.split():
        if not _EMBEDDER.fullmatch(word):
            raise ValidationError(
                _("“%(word)s” is no address such as https://example.org."), params={"word": word}
            )


class NewsroomQuerySet(IdentifiedQuerySet):
    def with_policies(self) -> Self:
        """With the kinds of the policies that it has written down, in the same query: see `policy_kinds`."""
        policies = Policy.objects.filter(newsroom=models.OuterRef("pk"))
        return self.annotate(
            **{f"has_{kind}": models.Exists(policies.filter(kind=kind)) for kind in Policy.Kind.values}
        )

    def current(self) -> Newsroom:
        """The one row; an unsaved one with defaults while none has been written."""
        return self.first() or Newsroom()


class Newsroom(Identified):
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=120, default="Controluce")
    address = models.URLField(
        _("public address"), blank=True, help_text=_("With https://, no slash at the end.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    lang = LangField()
    embedders = models.TextField(
        _("who may embed our cards"),
        blank=True,
        default="*",
        validators=[validate_embedders],
        help_text=_(
            "Addresses such as https://example.org or https://*.example.org, one a line. "
            "* is everybody; nothing is nobody."
        ),
    )

    objects = NewsroomQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsroom")
        verbose_name_plural = _("newsroom")
        constraints = (models.CheckConstraint(name="newsroom_is_one", condition=models.Q(id=1)),)
        permissions = (
            ("export_newsroom", _("Can take the whole newsroom out as an archive")),
            ("import_newsroom", _("Can bring a whole newsroom in from an archive")),
            ("export_confidential", _("Can take out who confidential sources really are, encrypted")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def frame_ancestors(self) -> list[str]:
        """Whom a policy lets embed; what is no origin, which no form lets through, is not told."""
        return [word for word in self.embedders.split() if _EMBEDDER.fullmatch(word)]

    @property
    def policy_kinds(self) -> list[str]:
        """Of which kinds it has policies; known where it was read `with_policies()`, else none."""
        return [kind for kind in Policy.Kind.values if getattr(self, f"has_{kind}", False)]


class Policy(Identified):
    """A text by which the newsroom lets itself be measured, in one language."""

    class Kind(models.TextChoices):
        METHOD = "method", _("how we check")
        DECISIONS = "decisions", _("who decides")
        CORRECTIONS = "corrections", _("how we correct")
        SOURCES = "sources", _("when we do not name a source")

    newsroom = models.ForeignKey(
        Newsroom, models.PROTECT, related_name="policies", default=1, verbose_name=_("newsroom")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    lang = LangField()
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ("kind", "lang")
        constraints = (
            models.UniqueConstraint(name="policy_once_per_language", fields=("newsroom", "kind", "lang")),
            models.CheckConstraint(
                name="policy_kind_known",
                condition=models.Q(kind__in=["method", "decisions", "corrections", "sources"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.lang})"
