"""A reporting clause within or behind what is reported: «…», ha detto X; “the plan, he said, is dead”."""

from __future__ import annotations

from newsroom.text.attribution.drafts import Draft, Range
from newsroom.text.attribution.groups import Group
from newsroom.text.attribution.guesses import Reason
from newsroom.text.attribution.phrases import speaks
from newsroom.text.attribution.sources import Sources
from newsroom.text.attribution.words import NOMINAL

_STEPS = 8


class Asides(Sources):
    """Verbs whose content stands around them."""

    def aside(self, group: Group) -> Draft | None:
        """The draft of a reporting clause that a comma, a dash or a quotation parts from what it reports."""
        if group.passive or group.impersonal or group.gerund or not group.frames & {"that", "quote"}:
            return None
        parted = self._parted_subject(group)
        if not parted:
            return None
        separator, source = parted
        at, inverted = self._behind(group, may_invert=source is None)
        if at < 0:
            return None
        quoted = self.quotation_before(separator + 1)
        if quoted < 0 and self.letter[separator] == "Q" and self.is_free(separator):
            quoted = separator
        source = source or inverted
        if quoted >= 0:
            content, reason = self._quotations_around(quoted, at), Reason.QUOTATION
        elif source and self._may_interrupt(group, source, inverted is not None):
            content, reason = self._clause_around(separator, at), Reason.ASIDE
        else:
            return None
        if not content:
            return None
        draft = Draft([(group.start, group.end)], source, content, [reason], separator + 1, at)
        draft.before = separator
        if inverted:
            draft.reasons.append(Reason.INVERTED)
        if source:
            return draft if self.may_say(group, draft) else None
        if not self.earlier(group):
            draft.before = -1
        return draft if self.give_unspoken(draft, group) else None

    def _parted_subject(self, group: Group) -> tuple[int, Range | None] | None:
        """What parts the clause from the words before it, and its subject, if that stands before the verb."""
        letter = self.letter
        separator = group.start - 1
        while separator >= 0 and letter[separator] not in ",-Q.:;(":
            separator -= 1
        if separator < 0 or letter[separator] not in ",-Q":
            return None
        between = letter[separator + 1 : group.start]
        if not between and letter[separator] == ",":
            return self._with_apposition(separator)
        if any(kind in "XVSE" for kind in between):
            return None
        source = self.phrases.subject_within(separator + 1, group.start, plural=group.plural)
        if not source:
            return None if between.strip("RTKC") else (separator, None)
        if letter[source[1] : group.start].strip("RTK") or letter[separator + 1 : source[0]].strip("RTC"):
            return None
        return separator, source

    def _with_apposition(self, comma: int) -> tuple[int, Range | None]:
        """“…, Dr. Ray, who runs the lab, said”: behind an apposition the subject is some commas away."""
        subject = self.phrases.across_parenthesis(comma + 1, self.floor(comma))
        if subject and self.is_letter(subject.before, ",-Q"):
            return subject.before, (subject.start, subject.end)
        return comma, None

    def _may_interrupt(self, group: Group, source: Range, inverted: bool) -> bool:
        """Whether this may be an aside without quotation marks. In Italian its subject comes last."""
        if "that" not in group.frames if self.english else not inverted:
            return False
        letters = self.letter[slice(*source)]
        head = next((letter for letter in letters if letter in NOMINAL), "")
        return speaks(letters, first=True) and (head != "M" or self.is_word(source[0], "definite"))

    def _behind(self, group: Group, *, may_invert: bool) -> tuple[int, Range | None]:
        """The end of the clause, and its subject if that stands in it; -1 if anything else follows."""
        letter, at, inverted = self.letter, group.end, None
        told = "tell" in group.frames
        for _ in range(_STEPS):
            if self.is_letter(at, "RT"):
                at += 1
            elif told and self.is_letter(at, "DGUNHJML#"):
                at = max(at + 1, self.phrases.at(at))
            elif may_invert and not inverted and not told and self.is_letter(at, "DGUNHJMLW#"):
                last = self.phrases.with_more(at)
                if last == at:
                    return -1, None
                inverted, at = (at, last), last
            elif self.is_letter(at, "APBF"):
                at = max(at + 1, self.phrases.at(at + 1))
            else:
                break
        if self.english and (self.is_word(at, "whether") or self.is_word(at, "that")):
            return -1, None
        return (at if at >= len(letter) or letter[at] in ".,-Q:;)ESC(" else -1), inverted

    def _quotations_around(self, quoted: int, at: int) -> list[Range]:
        """«A» e «B», ha detto X, «C»: the quotations before a reporting clause, and behind its end."""
        first = quoted
        while self.is_letter(first - 1, ",C") and self.is_letter(first - 2, "Q") and self.is_free(first - 2):
            first -= 2
        behind = at + self.is_letter(at, ",-:")
        if self.is_letter(behind, "Q"):
            return [(first, quoted + 1), (behind, self.quotations_end(behind))]
        return [(first, quoted + 1)]

    def _clause_around(self, separator: int, at: int) -> list[Range]:
        """What is reported before a reporting clause, from ``separator`` to ``at``, and behind it."""
        if self.letter[separator] == "Q":
            return []
        first = self.region_start(separator)
        left = self.letter[first:separator]
        right = self.right_part(first, separator, at)
        if not left.strip("RTCZ"):
            return right
        if not right and left[0] in "PABFTRE" and not self.has_finite(first, separator):
            return []  # «In una nota, l'Ema ha fatto sapere»
        return [(first, separator), *right]
