"""The codes of what a program says why, in words: for a sentence, a name, an attribution. And how sure it is.

Codes stay as they are in rows and files (`text/`); what is read on a page stands here alone. A code of
another release has no words, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.text.attribution import Reason as SaidReason
from newsroom.text.check_worthiness import Sign
from newsroom.text.mentions import Reason as NameReason

#: From here on a program is as sure; less is low.
HIGH, MEDIUM = 0.75, 0.5

_CONFIDENCE: dict[str, Promise] = {
    "high": pgettext_lazy("confidence", "high"),
    "medium": pgettext_lazy("confidence", "medium"),
    "low": pgettext_lazy("confidence", "low"),
}

_SIGNS: dict[str, Promise] = {
    Sign.FIGURE: gettext_lazy("it has a figure"),
    Sign.COMPARISON: gettext_lazy("it compares"),
    Sign.DATE: gettext_lazy("it says when"),
    Sign.NAMED_ACTOR: gettext_lazy("it names somebody or something"),
    Sign.ACT: gettext_lazy("it says what was done"),
    Sign.CAUSE: gettext_lazy("it says why"),
    Sign.SUPERLATIVE: gettext_lazy("it says “most”, “first”, “all” or “never”"),
    Sign.REPORTED: gettext_lazy("it reports what somebody said"),
    Sign.OPINION: gettext_lazy("it sounds like an opinion"),
    Sign.QUESTION: gettext_lazy("it is a question"),
    Sign.PREDICTION: gettext_lazy("it speaks of what is to come"),
    Sign.FRAGMENT: gettext_lazy("it is too short to say anything"),
    Sign.LEARNED: gettext_lazy("it was compared with what was tagged here before"),
    # of a claim that says the same
    "same": gettext_lazy("it shares words with a claim that is known here"),
}

_NAMES: dict[str, Promise] = {
    NameReason.ALIAS: gettext_lazy("a name that is known here"),
    NameReason.ANY_CASE: gettext_lazy("a name that is known here, with other capitals"),
    NameReason.CONTEXT: gettext_lazy("words that stood near it before"),
    NameReason.OTHER_CONTEXT: gettext_lazy("the words near it speak for another one"),
    NameReason.NEAR: gettext_lazy("words near it"),
    NameReason.OFTEN: gettext_lazy("of those who have this name, the one meant most often"),
    NameReason.SELDOM: gettext_lazy("of those who have this name, one seldom meant"),
    NameReason.ELSEWHERE: gettext_lazy("the article names it elsewhere, beyond doubt"),
    NameReason.WORD_TOO: gettext_lazy("the text has the same word in small letters"),
    NameReason.LONGER_NAME: gettext_lazy("it stands inside a longer name"),
    NameReason.FIRST_NAME: gettext_lazy("it begins with a first name"),
    NameReason.TITLE: gettext_lazy("a title stands before it"),
    NameReason.SPEAKS: gettext_lazy("a verb of people stands behind it"),
    NameReason.KNOWN_PLACE: gettext_lazy("a place that everybody knows"),
    NameReason.PLACE_BEGINS: gettext_lazy("it begins as places do"),
    NameReason.PREPOSITION: gettext_lazy("a preposition of place stands before it"),
    NameReason.KNOWN_ORGANISATION: gettext_lazy("an organisation that everybody knows"),
    NameReason.ORGANISATION_BEGINS: gettext_lazy("it begins as organisations do"),
    NameReason.ORGANISATION_ENDS: gettext_lazy("it ends as organisations do"),
    NameReason.ORGANISATION_BEFORE: gettext_lazy("a word for an organisation stands before it"),
    NameReason.ACRONYM: gettext_lazy("it is all capitals"),
    NameReason.ARTICLE: gettext_lazy("an article stands before it"),
    NameReason.TWO_WORDS: gettext_lazy("two words with capitals"),
    NameReason.SHORT_FORM: gettext_lazy("the short form of a name in the text"),
    NameReason.IN_BRACKETS: gettext_lazy("it stands in brackets behind its long form"),
    NameReason.CAPITAL: gettext_lazy("it has a capital within the sentence"),
    NameReason.LEARNED: gettext_lazy("it is like names that were tagged here before"),
    "accepted-here": gettext_lazy("these words were accepted so in this article"),
}

_SAID: dict[str, Promise] = {
    SaidReason.CLAUSE: gettext_lazy("a verb of saying, and “that”"),
    SaidReason.BARE_CLAUSE: gettext_lazy("a verb of saying, and a sentence"),
    SaidReason.QUESTION: gettext_lazy("a verb of saying, and a question"),
    SaidReason.INFINITIVE: gettext_lazy("a verb of saying, and an infinitive"),
    SaidReason.GERUND_CONTENT: gettext_lazy("a verb of saying, and a gerund"),
    SaidReason.OBJECT: gettext_lazy("a verb of saying, and what is said"),
    SaidReason.NAMING: gettext_lazy("somebody calls something so"),
    SaidReason.ACCUSATION: gettext_lazy("a verb of accusing"),
    SaidReason.ACT: gettext_lazy("to say it is to do it: to announce, to promise, to ask"),
    SaidReason.QUOTATION: gettext_lazy("words in quotation marks"),
    SaidReason.ASIDE: gettext_lazy("a verb of saying between commas"),
    SaidReason.PREPOSITION: gettext_lazy("words such as “according to”"),
    SaidReason.NOUN: gettext_lazy("a noun such as “the announcement”"),
    SaidReason.COLON: gettext_lazy("a colon before what is said"),
    SaidReason.INVERTED: gettext_lazy("who says it stands behind the verb"),
    SaidReason.RELATIVE: gettext_lazy("who says it stands before “who”"),
    SaidReason.GERUND: gettext_lazy("the verb of saying is a gerund"),
    SaidReason.SHARED_SOURCE: gettext_lazy("the same one says two things"),
    SaidReason.CONTINUED: gettext_lazy("the quotation goes on"),
    SaidReason.DISTANT: gettext_lazy("who says it stands far from the verb"),
    SaidReason.NEGATED: gettext_lazy("the verb of saying is denied"),
    SaidReason.THOUGHT: gettext_lazy("it is thought rather than said"),
    SaidReason.DOCUMENT: gettext_lazy("a document says it"),
    SaidReason.KNOWN_NAME: gettext_lazy("who says it is known here"),
    SaidReason.NO_SOURCE: gettext_lazy("no words name who says it"),
    SaidReason.DOUBTFUL_SOURCE: gettext_lazy("who says it is in doubt"),
    SaidReason.DOUBTFUL_CUE: gettext_lazy("the verb may mean something else"),
    SaidReason.REFERENT: gettext_lazy("who says it is named earlier in the text"),
    # of a source that it may stand for
    "name": gettext_lazy("the name of a source that is known here"),
    "alias": gettext_lazy("another name of a source that is known here"),
    "within": gettext_lazy("the name of a source, with other words beside it"),
    "short": gettext_lazy("the last name of somebody whom the article has in full"),
    "part": gettext_lazy("the name of a source, among other words"),
}

#: By the kind of annotation that is proposed.
_WORDS = {"claim": _SIGNS, "mention": _NAMES, "attribution": _SAID}


def reason_in_words(kind: str, code: str, words: Sequence[str] = ()) -> str:
    """Why an annotation of this kind is proposed, with the words that it rests on; "" of an unknown code."""
    said = _WORDS.get(kind, {}).get(code)
    if said is None:
        return ""
    return _("%(reason)s: %(words)s") % {"reason": said, "words": ", ".join(words)} if words else str(said)


def reasons_in_words(kind: str, reasons: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """Each reason once, in their order."""
    told = (reason_in_words(kind, code, words) for code, words in reasons)
    return tuple(dict.fromkeys(words for words in told if words))


def signs_in_words(signs: Iterable[str]) -> tuple[str, ...]:
    """What gives a sentence away, in words."""
    return reasons_in_words("claim", ((sign, ()) for sign in signs))


def confidence_level(confidence: float) -> str:
    """`high`, `medium` or `low`."""
    return "high" if confidence >= HIGH else "medium" if confidence >= MEDIUM else "low"


def confidence_in_words(confidence: float) -> str:
    return str(_CONFIDENCE[confidence_level(confidence)])
