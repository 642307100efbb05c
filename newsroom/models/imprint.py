"""The imprint (*gerenza*): who publishes, who answers for it, in which registers, on whose machines."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .identity import Identified, IdentifiedQuerySet


class ImprintQuerySet(IdentifiedQuerySet):
    def current(self) -> Imprint | None:
        """The one row; None while nobody has written it."""
        return self.first()


class Imprint(Identified):
    """One row, in the words of the papers that it is taken from: names and numbers have no language.

    What a title on the web has to say is in articles 2 and 5 of law 47/1948, article 1 of law 62/2001 and
    article 7 of legislative decree 70/2003; not all of it binds every title, so little of it is required.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    publisher = models.CharField(
        _("publisher"), max_length=200, help_text=_("The person or company that publishes, by its full name.")
    )
    office = models.TextField(_("registered office"), max_length=500)
    tax_number = models.CharField(_("VAT or tax number"), max_length=40, blank=True)
    contact = models.CharField(
        _("e-mail or phone"), max_length=200, help_text=_("By which the publisher is reached at once.")
    )
    director = models.CharField(
        _("Editor responsible"),
        max_length=120,
        blank=True,
        help_text=_("The direttore responsabile, where the title is registered."),
    )
    court = models.CharField(
        _("registered at the tribunal"),
        max_length=200,
        blank=True,
        help_text=_("Which tribunal, number and date."),
    )
    roc = models.CharField(
        _("ROC number"),
        max_length=40,
        blank=True,
        help_text=_("In the register of communication operators, if the publisher stands in it."),
    )
    host = models.CharField(
        _("hosting provider"),
        max_length=200,
        blank=True,
        help_text=_("Name and address: on the web it stands in the place of the printer."),
    )
    rectifications = models.CharField(
        _("where rectifications are sent"),
        max_length=200,
        blank=True,
        help_text=_("An address besides the form on every page, such as certified mail (PEC)."),
    )
    more = models.TextField(_("what else is to be said"), blank=True, help_text=_("Markdown."))

    objects = ImprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("imprint")
        verbose_name_plural = _("imprint")
        constraints = (
            models.CheckConstraint(name="imprint_is_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="imprint_says_who_and_where", condition=~models.Q(publisher="") & ~models.Q(office="")
            ),
        )

    def __str__(self) -> str:
        return self.publisher
