"""The lexicons of attributions with the newsroom's own cues: one query, and nothing is built twice."""

from __future__ import annotations

import logging
from functools import lru_cache

from newsroom.models import Cue
from newsroom.text.attribution import LEXICONS, Lexicon

logger = logging.getLogger(__name__)


def lexicon_for(lang: str) -> Lexicon | None:
    """The cues of a language, those of the newsroom included; None where the language has no lexicon.

    Cues are few: all are read each time, and what was built of the very same is taken again. So every
    process knows at once what was changed in another.
    """
    language = lang.partition("-")[0].lower()
    if language not in LEXICONS:
        return None
    cues = Cue.objects.active().filter(lang=language).order_by("pk")
    return _extended(language, tuple(cues.values_list("kind", "words", "frames")))


@lru_cache(maxsize=8)
def _extended(lang: str, rows: tuple[tuple[str, str, str], ...]) -> Lexicon:
    lexicon = LEXICONS[lang]
    for kind, words, frames in rows:
        try:
            lexicon = Cue(lang=lang, kind=kind, words=words, frames=frames).added_to(lexicon)
        except ValueError as unreadable:
            # What was erased, or is of another release: the others are still good.
            logger.warning("A cue is left out, it cannot be read: %s", unreadable)
    return lexicon
