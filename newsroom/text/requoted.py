"""Where words stand that were quoted from another page of the same text.

On another page the blanks between paragraphs are others, so words and what is around them are compared with
every run of blanks as one. The quotation decides; the place on the other page is a hint among equal ones.
"""

from __future__ import annotations

from .selectors import Selector, match, occurrences


def requoted(
    text: str, exact: str, prefix: str = "", suffix: str = "", hint: int | None = None
) -> tuple[int, int] | None:
    """The place in `text`, in code points, without blanks at its edges; None if it is not certain.

    Certain is: the words stand once; or more than once, and what is around them only once, or they stand at
    the hint, give or take nothing.
    """
    folded, places = _folded(text)
    words = _one_blank(exact).strip()
    starts = occurrences(folded, words)
    if not starts:
        return None
    if len(starts) > 1:
        # A blank at the edges of the quotation is one of what is around it.
        before, after = (
            _one_blank(prefix + exact[: len(exact) - len(exact.lstrip())]),
            _one_blank(exact[len(exact.rstrip()) :] + suffix),
        )
        found = match(folded, Selector(words, before, after))
        here = [start for start in starts if hint is not None and places[start] == hint]
        if found is not None and found.certain:
            starts = [found.start]
        elif here:
            starts = here
        else:
            return None
    start = starts[0]
    return places[start], places[start + len(words) - 1] + 1


def _folded(text: str) -> tuple[str, list[int]]:
    """The text with every run of blanks as one, and where each of its characters stands in the text."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "
        characters.append(character)
        places.append(place)
    return "".join(characters), places


def _one_blank(words: str) -> str:
    return _folded(words)[0]
