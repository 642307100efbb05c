"""Rating scales, their levels, and the levels in words."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import get_language

from newsroom.models import RatingLabel, RatingLevel, RatingScale, Review

from .keeping import Kept, Recorded


def rating_in_words(review: Review) -> str:
    """The label of a review's level in the reader's language. Wants `level__labels` prefetched."""
    labels = {label.lang: label for label in review.level.labels.all()}
    label = labels.get(get_language()) or next(iter(labels.values()), None)
    if label is None:
        return str(review.level)
    return label.attribution_label if review.judges == Review.Judges.ATTRIBUTION else label.label


class LevelInline(Kept, admin.TabularInline):
    model = RatingLevel
    extra = 0
    show_change_link = True


class LabelInline(Kept, admin.StackedInline):
    model = RatingLabel
    extra = 0


@admin.register(RatingScale)
class RatingScaleAdmin(Kept, Recorded):
    list_display = ("name", "code_name", "version")
    list_filter = ("code_name",)
    search_fields = ("name", "code_name")
    ordering = ("code_name", "-version")
    inlines = (LevelInline,)


@admin.register(RatingLevel)
class RatingLevelAdmin(Kept, Recorded):
    list_display = ("code_name", "scale", "position", "number", "icon", "tone", "underline", "is_opinion")
    list_select_related = ("scale",)
    list_filter = ("scale", "is_opinion")
    search_fields = ("code_name", "labels__label")
    autocomplete_fields = ("scale",)
    inlines = (LabelInline,)


@admin.register(RatingLabel)
class RatingLabelAdmin(Kept, Recorded):
    list_display = ("label", "attribution_label", "lang", "level")
    list_select_related = ("level",)
    list_filter = ("lang",)
    search_fields = ("label", "attribution_label", "meaning")
    ordering = ("level", "lang")
    autocomplete_fields = ("level",)
