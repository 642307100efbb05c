"""Rating scales, their levels, and the levels in words.

A version that is in force is only looked at. The next one is begun as a copy, written, and put in force.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from newsroom.actions import scales
from newsroom.models import RatingLabel, RatingLevel, RatingScale, Review

from .doing import do
from .keeping import Kept, Recorded


def rating_in_words(review: Review) -> str:
    """The label of a review's level in the reader's language. Wants `level__labels` prefetched."""
    labels = {label.lang: label for label in review.level.labels.all()}
    label = labels.get(get_language()) or next(iter(labels.values()), None)
    if label is None:
        return str(review.level)
    return label.attribution_label if review.judges == Review.Judges.ATTRIBUTION else label.label


def is_written(row: RatingScale | RatingLevel | RatingLabel | None) -> bool:
    """Whether a scale, or what a level or a label belongs to, is still being written; so is what is new."""
    if isinstance(row, RatingLabel):
        row = row.level
    scale = row.scale if isinstance(row, RatingLevel) else row
    return scale is None or not scale.is_in_force


class WrittenInline(Kept, admin.options.InlineModelAdmin):
    """Rows that are written only while their version of the scale is."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_written(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_written(obj) and super().has_change_permission(request, obj)


class LevelInline(WrittenInline, admin.TabularInline):
    model = RatingLevel
    show_change_link = True


class LabelInline(WrittenInline, admin.StackedInline):
    model = RatingLabel


class Written(Kept, Recorded):
    """Likewise, on a page of their own."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_written(obj) and super().has_change_permission(request, obj)


@admin.register(RatingScale)
class RatingScaleAdmin(Written):
    list_display = ("name", "code_name", "version", "in_force_since")
    list_filter = ("code_name", ("in_force_since", admin.EmptyFieldListFilter))
    search_fields = ("name", "code_name")
    ordering = ("code_name", "-version")
    readonly_fields = ("in_force_since",)
    inlines = (LevelInline,)
    actions = ("begin_next_version", "put_in_force")

    @admin.action(description=_("Begin the next version"), permissions=["add"])
    def begin_next_version(self, request: HttpRequest, queryset: QuerySet[RatingScale]) -> None:
        do(self, request, queryset, scales.begin_next_version, done=_("Begun: the next version of %s."))

    @admin.action(description=_("Put in force"), permissions=["change"])
    def put_in_force(self, request: HttpRequest, queryset: QuerySet[RatingScale]) -> None:
        do(self, request, queryset, scales.put_in_force, done=_("In force: %s."))


@admin.register(RatingLevel)
class RatingLevelAdmin(Written):
    """Levels are added to their scale, on its page."""

    list_display = ("code_name", "scale", "position", "number", "icon", "tone", "underline", "is_opinion")
    list_select_related = ("scale",)
    list_filter = ("scale", "is_opinion")
    search_fields = ("code_name", "labels__label")
    readonly_fields = ("scale",)
    inlines = (LabelInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(RatingLabel)
class RatingLabelAdmin(Written):
    """Labels are added to their level, on its page."""

    list_display = ("label", "attribution_label", "lang", "level")
    list_select_related = ("level__scale",)
    list_filter = ("lang", "level__scale")
    search_fields = ("label", "attribution_label", "meaning")
    ordering = ("level", "lang")
    readonly_fields = ("level",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
