"""Dates that are not known to the day: an EDTF string, and what it sorts and filters by."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from newsroom.text import dates


def validate_edtf(value: str) -> None:
    if not dates.is_valid(value):
        raise ValidationError(
            _("“%(value)s” is not a date: write 2023, 2023-08 or 2023-08-21, with ~ if approximate."),
            params={"value": value},
        )


class ImpreciseDate(models.Model):
    """`date` as known (EDTF, Library of Congress, level 1; empty = unknown) and its earliest and latest day.

    The two days follow from `date` at every `save()`; they are for sorting and filtering, never for showing.
    """

    date = models.CharField(
        _("date"),
        max_length=24,
        blank=True,
        validators=[validate_edtf],
        help_text=_(
            "As far as known: 2023, 2023-08 or 2023-08-21; 2023-08~ if approximate; empty if unknown."
        ),
    )
    date_earliest = models.DateField(_("earliest day"), null=True, blank=True, editable=False)
    date_latest = models.DateField(_("latest day"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(class)s_date_has_bounds",
                condition=Q(date="", date_earliest=None, date_latest=None)
                # A comparison with NULL is not false, so it alone would let a date without days pass.
                | (
                    ~Q(date="")
                    & Q(date_earliest__isnull=False, date_latest__isnull=False)
                    & Q(date_earliest__lte=F("date_latest"))
                ),
            ),
        )

    def save(self, **kwargs):
        self.date_earliest, self.date_latest = dates.bounds(self.date)
        super().save(**kwargs)

    def clean(self):
        """The two days follow here as well: constraints are validated before anything is saved."""
        super().clean()
        if dates.is_valid(self.date):
            self.date_earliest, self.date_latest = dates.bounds(self.date)

    @property
    def date_in_words(self) -> str:
        """The date in the active language, to the precision that is known and no further; "" if unknown."""
        if self.date_earliest is None:
            return ""
        shape = {"day": "j F Y", "month": "F Y", "year": "Y"}[dates.precision(self.date)]
        # Django's Italian months are capitalised, as at the head of a line; Italian writes them small.
        words = formats.date_format(self.date_earliest, shape)
        words = words.lower() if get_language() == "it" else words
        return _("about %(date)s") % {"date": words} if dates.is_approximate(self.date) else words
