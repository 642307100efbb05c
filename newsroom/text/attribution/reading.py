"""One stretch of words → who says what in it: the constructions of a report, one function each."""

from __future__ import annotations

from .drafts import Draft, Range
from .groups import Group, groups_at
from .guesses import Reason, Unspoken
from .lexicon import Cue, Lexicon
from .phrases import Phrases, Subject, speaks
from .words import NOMINAL, Words

#: How sure a construction is where nothing speaks against it.
_SURE = {
    Reason.QUOTATION: 0.95,
    Reason.CLAUSE: 0.95,
    Reason.QUESTION: 0.85,
    Reason.INFINITIVE: 0.85,
    Reason.GERUND_CONTENT: 0.8,
    Reason.BARE_CLAUSE: 0.85,
    Reason.PREPOSITION: 0.9,
    Reason.ASIDE: 0.85,
    Reason.NAMING: 0.8,
    Reason.ACCUSATION: 0.8,
    Reason.NOUN: 0.65,
    Reason.COLON: 0.65,
    Reason.ACT: 0.6,
    Reason.OBJECT: 0.6,
}
_LESS = {
    Reason.DISTANT: 0.1,
    Reason.GERUND: 0.1,
    Reason.NEGATED: 0.2,
    Reason.THOUGHT: 0.1,
    Reason.NO_SOURCE: 0.25,
    Reason.DOUBTFUL_SOURCE: 0.2,
    Reason.DOUBTFUL_CUE: 0.4,
    Reason.SHARED_SOURCE: 0.05,
    Reason.RELATIVE: 0.05,
    Reason.CONTINUED: 0.05,
    Reason.REFERENT: -0.1,
    Reason.KNOWN_NAME: -0.05,
}
_PARENTHESIS = 14
_SHORT_INFINITIVES = frozenset("aver esser poter dover voler far dar star saper andar".split())


def confidence(reasons: list[Reason]) -> float:
    sure = max((_SURE[reason] for reason in reasons if reason in _SURE), default=0.5)
    return round(min(1.0, max(0.05, sure - sum(_LESS.get(reason, 0.0) for reason in reasons))), 2)


def read(words: Words, lexicon: Lexicon) -> list[Draft]:
    """Every attribution of the stretch, in order of their cues."""
    return _Reader(words, lexicon).read()


def leading_subject(words: Words, lexicon: Lexicon) -> Range | None:
    """The noun phrase that a stretch begins with, if no preposition governs it and it is no time."""
    return _Reader(words, lexicon).leading_subject(len(words.classes.rstrip(".")))


class _Reader:
    def __init__(self, words: Words, lexicon: Lexicon) -> None:
        self.words = words
        self.word = words.words
        self.letter = words.classes
        self.lexicon = lexicon
        self.grammar = lexicon.grammar
        self.english = lexicon.grammar.lang == "en"
        self.phrases = Phrases(words, lexicon)
        self.drafts: list[Draft] = []
        #: The words before this place are part of a cue already.
        self.done = 0
        self.used: set[int] = set()

    def read(self) -> list[Draft]:
        forms, prepositions = self.lexicon.forms, self.lexicon.prepositions
        for place, word in enumerate(self.word):
            if place < self.done or place in self.used:
                continue
            draft = None
            if word in prepositions:
                draft = self._preposition(place)
            if not draft and word in forms:
                draft = self._verb(place) or self._noun(place)
            if not draft and word in self.grammar["so"]:
                draft = self._so(place)
            if draft:
                self.drafts.append(draft)
                self.done = max([place + 1, *(last for first, last in draft.cue if first <= place)])
                self.used.update(at for first, last in draft.cue for at in range(first, last))
        self._colons()
        self._settle_quotations()
        self.drafts.sort(key=lambda draft: draft.cue[0])
        return self.drafts

    def _settle_quotations(self) -> None:
        """One quotation is said once: by the surer of two drafts, by the later of equals."""
        by_quotation: dict[int, list[Draft]] = {}
        for draft in self.drafts:
            for first, last in draft.content:
                if last - first == 1 and self.letter[first] == "Q":
                    by_quotation.setdefault(first, []).append(draft)
        for claimed in by_quotation.values():
            if len(claimed) > 1:
                keep = max(claimed, key=lambda draft: (confidence(draft.reasons), draft.cue[0]))
                self.drafts = [draft for draft in self.drafts if draft is keep or draft not in claimed]

    # Verbs

    def _verb(self, place: int) -> Draft | None:
        for group in groups_at(self.words, place, self.lexicon):
            before = self.word[group.start - 1] if group.start else ""
            if before in self.grammar["document subject"] and not group.passive:
                continue
            draft = self._of_group(group)
            if draft:
                if group.negated:
                    draft.reasons.append(Reason.NEGATED)
                if "weak" in group.frames:
                    draft.reasons.append(Reason.THOUGHT)
                return draft
        return None

    def _of_group(self, group: Group) -> Draft | None:
        frames = group.frames
        if "in" in frames:
            return self._read_in(group)
        if "as" in frames:
            return self._naming(group)
        if "of" in frames and (draft := self._accusation(group)):
            return draft
        if "about" in frames:
            return self._about(group)
        if "act" in frames:
            return self._act(group)
        if "from" in frames:
            return self._from(group)
        quoted = self._quotation_before(group.start)
        if quoted >= 0 and not self._opens_clause(group, quoted):
            return self._aside(group)
        return self._complement(group) or self._object(group) or self._aside(group)

    def _opens_clause(self, group: Group, quoted: int) -> bool:
        """«Il Mattino» scrive che: the quotation right before the verb is who says it."""
        return group.start == quoted + 1 and self.word[group.end : group.end + 1] != [] and (
            self.word[group.end] in self.grammar["that"]
        )

    def _complement(self, group: Group) -> Draft | None:
        """What follows the verb: a clause, an infinitive, a question, a quotation, behind whatever stands between."""
        word, letter, grammar, frames = self.word, self.letter, self.grammar, group.frames
        at, distant, inverted, agent = group.end, False, None, None
        recipient = "tell" in frames
        if recipient and not group.passive and at < len(word) and letter[at] in "DGUNHJML#":
            at = self.phrases.at(at)
        clause = "that" in frames
        for _ in range(8):
            if at >= len(word):
                return None
            here, kind = word[at], letter[at]
            if clause and here in grammar["that"] and not self._is_pronoun(at):
                return self._draft(group, Reason.CLAUSE, at, at + 1, inverted, agent, distant=distant)
            if "whether" in frames and here in grammar["whether"]:
                return self._draft(group, Reason.QUESTION, at, at + 1, inverted, agent, distant=distant)
            if "inf" in frames and here in grammar["to"] and self._infinitive(at + 1):
                return self._draft(group, Reason.INFINITIVE, at, at + 1, inverted, agent, distant=distant)
            if group.cue.tail and "inf" in frames and kind in "AO" and self._infinitive(at + 1):
                return self._draft(group, Reason.INFINITIVE, at, at + 1, inverted, agent, distant=distant)
            if kind == ":" and at + 1 == len(word) and "quote" in frames:
                return self._awaiting(group, inverted)
            if kind == ":" and frames & {"quote", "that"} and at + 1 < len(word):
                if letter[at + 1] == "Q":
                    if "quote" not in frames:
                        return None
                    return self._quotation_after(group, at + 1, inverted, agent, distant)
                if distant or not clause:
                    return None
                return self._draft(group, Reason.CLAUSE, -1, at + 1, inverted, agent, distant=True)
            if kind == "Q" and "quote" in frames:
                return self._quotation_after(group, at, inverted, agent, distant)
            if kind == ",":
                if self.english and letter[at + 1 : at + 2] == "Q" and "quote" in frames:
                    return self._quotation_after(group, at + 1, inverted, agent, distant)
                closing = self._closing_comma(at)
                if closing < 0:
                    return None
                at, distant = closing + 1, True
            elif "ing" in frames and kind == "E" and at == group.end:
                return self._draft(group, Reason.GERUND_CONTENT, -1, at, None, None, distant=distant)
            elif kind in "RT" or self._is_time(at):
                at = max(at + 1, self.phrases.at(at) if kind not in "RT" else 0)
            elif kind == "B" and group.passive:
                last = self.phrases.with_more(at + 1)
                if last == at + 1:
                    return None
                agent, at = (at, last), last
            elif kind in "APBF":
                last = self.phrases.at(at + 1)
                if last == at + 1 and letter[last : last + 1] != "T":
                    return None
                at, distant = max(last, at + 2), True
            elif "zero" in frames and not group.passive and self._bare_clause(at, strict="object" in frames):
                return self._draft(group, Reason.BARE_CLAUSE, -1, at, None, None, distant=distant)
            elif kind in "DGUNHJM#" and not inverted and not group.passive and not recipient:
                # Behind «ha detto l'attrice» a «che» is her pronoun more often than not.
                last = self.phrases.with_more(at)
                if last == at or letter[last : last + 1] != ":":
                    return None
                inverted, at = (at, last), last
            else:
                return None
        return None

    def _is_time(self, place: int) -> bool:
        last = self.phrases.at(place)
        return last > place and self.phrases.is_time(place, last)

    def _is_pronoun(self, place: int) -> bool:
        """“said that afternoon”: the word points and opens no clause."""
        return self.english and self.letter[place + 1 : place + 2] in ("Y", "T", ".", "")

    def _infinitive(self, place: int) -> bool:
        while place < len(self.word) and self.letter[place] in "ZKR":
            place += 1
        if place >= len(self.word):
            return False
        if self.english:
            return self.letter[place] not in "DUN#.,:;Q"
        word = self.word[place]
        stem = word[:-2] if word.endswith(("si", "lo", "la", "li", "le", "ne", "ci", "gli")) else word
        return word.endswith(("re", "rre")) or stem.endswith("r") or word in _SHORT_INFINITIVES

    def _bare_clause(self, place: int, *, strict: bool) -> bool:
        """Whether a clause without “that” begins here: something nominal with a finite verb behind it."""
        letter = self.letter
        if letter[place] not in "DGUNHJMIL#YQ":
            return False
        start = self.phrases.at(place)
        for at in range(max(start, place + 1), min(len(letter), place + 30)):
            kind, behind = letter[at], letter[at - 1]
            if kind in ".;:-" or (kind == "," and letter[at + 1 : at + 2] in ("C", "S", "E", "L")):
                return False
            if kind == "X" or (kind in "VW" and behind in "LHJMIYUNGQ)R,"):
                return True
            if kind == "L" and not strict and behind in "LHJMIYUNGQ)R" and (
                self.word[at].endswith("ed")
                or (self.word[at].endswith("s") and letter[at + 1 : at + 2] in "DPARTFNG" and at + 1 < len(letter))
            ):
                return True
        return False

    def _closing_comma(self, place: int) -> int:
        """The comma that closes the parenthesis opened at ``place``, if no verb of speech stands in it; else -1."""
        for at in range(place + 1, min(len(self.word), place + _PARENTHESIS)):
            if self.letter[at] == ",":
                return at if at > place + 1 else -1
            if self.letter[at] in "V.;:QX":
                return -1
        return -1

    def _awaiting(self, group: Group, inverted: Range | None) -> Draft | None:
        """«Il direttore ha dichiarato:» at the end of a block: what is said stands in the next."""
        draft = Draft([(group.start, group.end)], None, [], [Reason.QUOTATION], group.start, group.end, awaits=True)
        return draft if self._give_source(draft, group, inverted, None) else None

    def _quotation_after(
        self, group: Group, at: int, inverted: Range | None, agent: Range | None, distant: bool
    ) -> Draft | None:
        if group.cue.word in self.grammar["written"] and self.letter[at - 1] not in ":," and self._is_title(at):
            return None
        draft = self._draft(group, Reason.QUOTATION, -1, at, inverted, agent, distant=distant)
        if draft:
            draft.content = [(at, self._quotations_end(at))]
            draft.clause = False
        return draft

    def _is_title(self, place: int) -> bool:
        """«ha scritto «La strada»»: few words with a capital and no end of a sentence."""
        quoted = self.words.text[self.words.starts[place] + 1 : self.words.ends[place] - 1].strip()
        return len(quoted.split()) <= 6 and quoted[:1].isupper() and not quoted.endswith((".", "!", "?", "…", ","))

    def _quotations_end(self, place: int) -> int:
        """Behind the quotations that follow one another from here: «A», «B» e «C»."""
        end = place + 1
        while end < len(self.letter):
            further = end
            while further < len(self.letter) and self.letter[further] in ",C-":
                further += 1
            if further == end or further - end > 2 or self.letter[further : further + 1] != "Q":
                return end
            end = further + 1
        return end

    def _draft(
        self,
        group: Group,
        reason: Reason,
        opener: int,
        content: int,
        inverted: Range | None = None,
        agent: Range | None = None,
        *,
        distant: bool = False,
    ) -> Draft | None:
        """A draft whose content goes from ``content`` to the end of the clause; ``opener`` is its little word."""
        reasons = [reason]
        if distant:
            reasons.append(Reason.DISTANT)
        end = self._clause_end(content)
        if end <= content:
            return None
        cue = [(group.start, group.end)]
        if opener >= 0:
            between = self.letter[group.end : opener]
            cue = [(group.start, opener + 1)] if not between.strip("RT") else [*cue, (opener, opener + 1)]
        draft = Draft(cue, None, [(content, end)], reasons, group.start, content, clause=True)
        draft.opener = self.word[opener] if opener >= 0 else ""
        draft.gerund = group.gerund
        if not self._give_source(draft, group, inverted, agent):
            return None
        return draft

    def _give_source(
        self, draft: Draft, group: Group, inverted: Range | None, agent: Range | None
    ) -> bool:
        """Who says it: the subject before the verb, the one behind it, the one it shares; or why nobody does."""
        subject, before = self._subject(group)
        draft.before = before
        if group.passive:
            if subject and self.word[subject.start] not in ("it", "there"):
                return False
            if agent:
                draft.cue.insert(1, (agent[0], agent[0] + 1))
                draft.source = (agent[0] + 1, agent[1])
                return True
            if "tell" in group.frames or "whether" in group.frames:
                return False
            draft.unspoken = Unspoken.PASSIVE
            draft.reasons.append(Reason.NO_SOURCE)
            return Reason.DISTANT not in draft.reasons
        if group.impersonal and not inverted:
            draft.unspoken = Unspoken.IMPERSONAL
            draft.reasons.append(Reason.NO_SOURCE)
            return subject is None or not self._speaks(subject.start, subject.end)
        if inverted and (not subject or self.letter[group.start - 1] == ","):
            draft.source = inverted
            draft.reasons.append(Reason.INVERTED)
            return self._may_say(group, inverted, draft)
        if subject and not group.gerund:
            draft.source = (subject.start, subject.end)
            draft.start = subject.start
            draft.before = subject.before
            if subject.relative:
                draft.reasons.append(Reason.RELATIVE)
                draft.start = before
                self._cut_relative(draft, before)
            return self._may_say(group, draft.source, draft)
        return self._unspoken(draft, group, before)

    def _unspoken(self, draft: Draft, group: Group, before: int) -> bool:
        """A verb without a subject of its own: a gerund, the second of two verbs, an implied subject."""
        if group.gerund:
            draft.reasons.append(Reason.GERUND)
        earlier = self._earlier(group)
        joined = group.gerund or before < 0 or self.letter[before] in "C,"
        if earlier and before >= 0 and joined:
            draft.source = earlier.source
            draft.reasons.append(Reason.SHARED_SOURCE)
            draft.shares = True
            return True
        leading = self.leading_subject(group.start) if before >= 0 else None
        if group.gerund:
            if leading:
                draft.source = leading
                return self._may_say(group, leading, draft)
            return False
        if leading and before >= 0 and self.letter[before] == "C" and self._speaks(*leading):
            draft.source = leading
            draft.reasons.append(Reason.SHARED_SOURCE)
            return True
        if self.english:
            return False
        draft.unspoken = Unspoken.IMPLIED
        draft.reasons.append(Reason.NO_SOURCE)
        if leading and self._speaks(*leading):
            draft.referent = leading
            draft.reasons.append(Reason.REFERENT)
        return "data" not in group.frames and "W" != self.letter[group.verb] or group.start < group.verb or (
            before < 0 or self.letter[before] in "C,"
        )

    def _earlier(self, group: Group) -> Draft | None:
        """The attribution before this one in its sentence, if it has a source."""
        for draft in reversed(self.drafts):
            if draft.source and draft.start < group.start:
                if "." in self.letter[draft.end : group.start]:
                    return None
                return draft
        return None

    def leading_subject(self, limit: int) -> Range | None:
        """The first noun phrase of the sentence that no preposition governs and that is no time."""
        at = self.letter.rfind(".", 0, limit) + 1
        while at < limit:
            kind = self.letter[at]
            if kind in "PABFE":
                at = max(at + 1, self.phrases.at(at + 1, end=limit))
            elif kind in "DG#NLHJMIYWU":
                last = self.phrases.with_more(at, end=limit)
                if last == at:
                    at += 1
                elif self.phrases.is_time(at, last) or self._is_circumstance(at, last):
                    at = max(last, self.letter.find(",", last, limit))
                else:
                    return at, last
            elif kind in "RTCK,":
                at += 1
            else:
                return None
        return None

    def _is_circumstance(self, first: int, last: int) -> bool:
        """«Interpellato dal giornale, il direttore»: a participle at the head says how, and not who."""
        return (
            not self.english
            and last == first + 1
            and self.letter[last : last + 1] in ("A", "B", "P")
            and self.word[first].endswith(("ato", "ata", "ati", "ate", "ito", "ita", "iti", "ite", "uto", "uta"))
        )

    def _subject(self, group: Group) -> tuple[Subject | None, int]:
        return self.phrases.subject_before(group.start, floor=self._floor(group.start), plural=group.plural)

    def _floor(self, place: int) -> int:
        """Behind the last cue before a place: no subject reaches back over a verb of speech."""
        floor = 0
        for draft in self.drafts:
            if not draft.clause:
                continue
            if draft.reasons[0] is Reason.PREPOSITION:
                floor = max(floor, draft.end + 1) if draft.end < place else floor
                continue
            for _, last in draft.cue:
                if last <= place:
                    floor = max(floor, last)
        return max(floor - 1, 0) if floor else 0

    def _may_say(self, group: Group, source: Range, draft: Draft) -> bool:
        """Whether this noun phrase says things with this verb: laws provide, studies show."""
        letters = self.letter[source[0] : source[1]]
        if self.word[source[0]] in self.grammar["first person"] and len(letters) == 1:
            return False
        head = next((letter for letter in letters if letter in "LHJMIYWUNQ"), "")
        if "data" in group.frames:
            draft.reasons.append(Reason.DOCUMENT)
            return any(letter in "MHU" for letter in letters)
        if head == "I":
            return False
        if head == "M":
            draft.reasons.append(Reason.DOCUMENT)
        elif not self._speaks(*source):
            draft.reasons.append(Reason.DOUBTFUL_SOURCE)
            return self.letter[group.verb] != "W" or group.start < group.verb
        return True

    def _speaks(self, start: int, end: int) -> bool:
        return speaks(self.letter[start:end])

    def _cut_relative(self, draft: Draft, pronoun: int) -> None:
        """«Il consulente, che ammette di…, è stato sospeso»: the content ends where the main clause goes on."""
        for index, (first, last) in enumerate(draft.content):
            for at in range(first, last - 1):
                if self.letter[at] == "," and self.letter[at + 1] in "XZ":
                    draft.content[index] = (first, at)
                    return

    def _clause_end(self, start: int) -> int:
        """Where a clause ends that nothing cuts: at the end of its sentence, at a semicolon."""
        depth = 0
        sentence = self.letter.rfind(".", 0, start) + 1
        dashed = self.letter.count("-", sentence, start) % 2
        for at in range(start, len(self.letter)):
            kind = self.letter[at]
            if kind in ".;" or (dashed and kind == "-"):
                return at
            if kind == "(":
                depth += 1
            elif kind == ")":
                depth -= 1
                if depth < 0:
                    return at
        return len(self.letter)

    def _object(self, group: Group) -> Draft | None:
        """«ha annunciato un piano»: said by somebody who speaks, and a thing."""
        if "object" not in group.frames or group.passive or group.impersonal or group.gerund:
            return None
        at = group.end
        while at < len(self.letter) and self.letter[at] in "RT":
            at += 1
        if at >= len(self.letter) or self.letter[at] not in "DG#O" or self.word[at] == "di":
            return None
        draft = self._draft(group, Reason.OBJECT, -1, at)
        if not draft or not draft.source or {Reason.DOUBTFUL_SOURCE, Reason.RELATIVE} & set(draft.reasons):
            return None
        first, last = draft.content[0]
        for comma in range(first, last - 1):
            if self.letter[comma] == "," and self.letter[comma + 1] in "ESCXTRP":
                draft.content = [(first, comma)]
                break
        return draft

    # Words around the verb: «…», ha detto X; the plan, he said, is dead

    def _quotation_before(self, place: int) -> int:
        """The quotation that ends right before a reporting clause at ``place``, its subject aside; else -1."""
        at = place - 1
        limit = max(-1, place - _PARENTHESIS)
        while at > limit and self.letter[at] not in ",-Q.:;(SXVC":
            at -= 1
        if at <= limit:
            return -1
        if self.letter[at] in ",-." and at > 0 and self.letter[at - 1] == "Q":
            at -= 1
        if self.letter[at] != "Q" or not self._is_free(at):
            return -1
        return at

    def _is_free(self, place: int) -> bool:
        """Whether a quotation stands for itself and is not part of a phrase: «i «furbetti»»."""
        return place == 0 or self.letter[place - 1] in ",:;.-(C"

    def _aside(self, group: Group) -> Draft | None:
        """A reporting clause inside or behind what is reported."""
        if group.passive or group.impersonal or not group.frames & {"that", "quote"} or group.gerund:
            return None
        letter = self.letter
        separator = group.start - 1
        while separator >= 0 and letter[separator] not in ",-Q.:;(":
            separator -= 1
        if separator < 0 or letter[separator] not in ",-Q":
            return None
        between = letter[separator + 1 : group.start]
        if any(kind in "XVSE" for kind in between):
            return None
        source = self.phrases.subject_within(separator + 1, group.start, plural=group.plural)
        if source and letter[source[1] : group.start].strip("RTK"):
            return None
        if source and letter[separator + 1 : source[0]].strip("RTC"):
            return None
        if not between and letter[separator] == ",":
            source, separator = self._with_apposition(separator)
        if not source and between.strip("RTKC"):
            return None
        at, inverted = self._behind(group, source is None)
        if at < 0:
            return None
        quoted = self._quotation_before(separator + 1)
        if quoted < 0 and letter[separator] == "Q" and self._is_free(separator):
            quoted = separator
        content, reason = self._around(group, quoted, separator, at, bool(source or inverted))
        if not content:
            return None
        draft = Draft(
            [(group.start, group.end)], source or inverted, content, [reason], separator + 1, at
        )
        draft.before = separator
        if inverted:
            draft.reasons.append(Reason.INVERTED)
        if draft.source:
            if quoted < 0 and not self._may_interrupt(group, draft.source, inverted is not None):
                return None
            return draft if self._may_say(group, draft.source, draft) else None
        earlier = self._earlier(group)
        if earlier and quoted < 0:
            return None
        return draft if self._unspoken(draft, group, -1 if not earlier else separator) else None

    def _may_interrupt(self, group: Group, source: Range, inverted: bool) -> bool:
        """Whether an aside without quotation marks may be this one's: Italian puts who speaks behind the verb."""
        letters = self.letter[slice(*source)]
        if (not inverted and not self.english) or (self.english and "that" not in group.frames):
            return False
        head = next((letter for letter in letters if letter in NOMINAL), "")
        return speaks(letters, first=True) and (head != "M" or self.word[source[0]] in self.grammar["definite"])

    def _with_apposition(self, comma: int) -> tuple[Range | None, int]:
        """“…, Dr. Ray, who runs the laboratory, said”: the subject whose apposition ends at a comma, and what is
        before it.
        """
        subject = self.phrases.across_parenthesis(comma + 1, self._floor(comma))
        if subject and subject.before >= 0 and self.letter[subject.before] in ",-Q":
            return (subject.start, subject.end), subject.before
        return None, comma

    def _behind(self, group: Group, may_invert: bool) -> tuple[int, Range | None]:
        """The end of a reporting clause and its subject, if that stands behind the verb; -1 if more follows."""
        letter, at, inverted = self.letter, group.end, None
        for _ in range(8):
            if at >= len(letter):
                break
            kind = letter[at]
            if kind in "RT":
                at += 1
            elif may_invert and not inverted and "tell" not in group.frames and kind in "DGUNHJMLW#":
                last = self.phrases.with_more(at)
                if last == at:
                    return -1, None
                inverted, at = (at, last), last
            elif "tell" in group.frames and kind in "DGUNHJML#":
                at = max(at + 1, self.phrases.at(at))
            elif kind in "APBFO":
                at = max(at + 1, self.phrases.at(at + 1))
            else:
                break
        following = letter[at : at + 1]
        if following == "S" and self.word[at] in self.grammar["whether"] | self.grammar["that"] and self.english:
            return -1, None
        return (at if not following or following in ".,-Q:;)ESC(" else -1), inverted

    def _around(
        self, group: Group, quoted: int, separator: int, at: int, named: bool
    ) -> tuple[list[Range], Reason]:
        """The content on both sides of a reporting clause from ``separator`` to ``at``."""
        letter = self.letter
        content: list[Range] = []
        if quoted >= 0:
            first = quoted
            while first >= 2 and letter[first - 1] in ",C" and letter[first - 2] == "Q" and self._is_free(first - 2):
                first -= 2
            content.append((first, quoted + 1))
            following = at
            if following < len(letter) and letter[following] in ",-:.":
                following += letter[following] != "."
            if following < len(letter) and letter[following] == "Q":
                content.append((following, self._quotations_end(following)))
            return content, Reason.QUOTATION
        if not named or letter[separator] == "Q":
            return [], Reason.ASIDE
        first = self._region_start(separator)
        if separator - first < 1:
            return [], Reason.ASIDE
        content.append((first, separator))
        content += self._right_part(first, separator, at)
        if not letter[first:separator].strip("RTC"):
            return content[1:], Reason.ASIDE
        if len(content) == 1 and letter[first] in "PABFTRE" and not any(kind in "XV" for kind in letter[first:separator]):
            return [], Reason.ASIDE  # «In una nota, l'Ema ha fatto sapere»
        return content, Reason.ASIDE

    def _region_start(self, place: int) -> int:
        """Where the clause begins that is reported: behind the last full stop, or where an earlier content does."""
        first = max(self.letter.rfind(mark, 0, place) for mark in ".;") + 1
        for draft in self.drafts:
            for start, end in draft.content:
                if draft.clause and start <= place <= end:
                    first = max(first, start)
            if draft.end <= place and draft.start >= first and not draft.clause:
                first = max(first, draft.end)
        while first < place and self.letter[first] in ",-":
            first += 1
        return first

    def _right_part(self, first: int, separator: int, at: int) -> list[Range]:
        """What is reported goes on behind an aside unless it was a whole sentence before it."""
        letter = self.letter
        if at >= len(letter) or letter[at] not in ",-" or letter[at + 1 : at + 2] in ("E", "S", "", "."):
            return []
        complete = any(kind in "XV" for kind in letter[first:separator])
        if complete and letter[at] == "," and letter[at + 1] not in "XZ":
            return []
        return [(at + 1, self._clause_end(at + 1))]

    # Other verbs

    def _naming(self, group: Group) -> Draft | None:
        """«ha definito l'accordo «storico»»: what it is called stands in marks, or behind «come»."""
        at = group.end
        end = self._clause_end(at)
        quoted = self.letter.find("Q", at, end)
        named = next((place for place in range(at, end) if self.word[place] in self.grammar["as"]), -1)
        if group.passive or (quoted < 0 and named < 0) or max(quoted, named) - at > 16:
            return None
        if any(kind in "VS;:" and self.word[place] not in self.grammar["as"]
               for place, kind in enumerate(self.letter[at : max(quoted, named)], at)):
            return None
        draft = self._draft(group, Reason.NAMING, -1, at)
        if draft:
            if quoted >= 0:
                draft.content = [(at, self._quotations_end(quoted))]
                draft.mixed = True
            draft.clause = False
        return draft

    def _accusation(self, group: Group) -> Draft | None:
        """«accusa l'azienda di aver nascosto i dati», «è accusato di frode»."""
        at = group.end
        end = self._clause_end(at)
        of = next(
            (place for place in range(at, min(end, at + 12)) if self.word[place] in ("di", "d'", "of", "for")), -1
        )
        if of < 0 or of + 1 >= end or self.letter[at] in ",:Q":
            return None
        if group.passive:
            if of != at:
                return None
            draft = Draft([(group.start, of + 1)], None, [(of + 1, end)], [Reason.ACCUSATION], group.start, at)
            draft.unspoken = Unspoken.PASSIVE
            draft.reasons.append(Reason.NO_SOURCE)
            draft.clause = True
            return draft
        if of == at and group.start == group.verb:
            return None  # the noun: «la pesante accusa di»
        return self._draft(group, Reason.ACCUSATION, of if of == at else -1, of + 1 if of == at else at)

    def _read_in(self, group: Group) -> Draft | None:
        """«…», si legge in una nota: what is read stands somewhere."""
        at = group.end
        if not group.impersonal or self.letter[at : at + 1] != "P":
            return None
        last = self.phrases.at(at + 1)
        if last == at + 1:
            return None
        cue: list[Range] = [(group.start, at + 1)]
        quoted = self._quotation_before(group.start)
        if quoted >= 0:
            content = [(quoted, quoted + 1)]
            reason = Reason.QUOTATION
        elif last < len(self.word) and self.word[last] in self.grammar["that"]:
            cue.append((last, last + 1))
            content, reason = [(last + 1, self._clause_end(last + 1))], Reason.CLAUSE
        elif self.letter[last : last + 2] == ":Q":
            content, reason = [(last + 1, self._quotations_end(last + 1))], Reason.QUOTATION
        else:
            return None
        draft = Draft(cue, (at + 1, last), content, [reason, Reason.DOCUMENT], group.start, last)
        draft.before, draft.clause = group.start - 1, reason is Reason.CLAUSE
        return draft if content[0][0] < content[0][1] else None

    def _about(self, group: Group) -> Draft | None:
        """«parla di «resa»»: only the words in marks are theirs."""
        at = group.end
        while at < len(self.letter) and self.letter[at] in "RT":
            at += 1
        if self.letter[at : at + 1] != "O":
            return None
        quoted = self.letter.find("Q", at, at + 4)
        if quoted < 0 or any(kind not in "ODL" for kind in self.letter[at:quoted]):
            return None
        draft = self._draft(group, Reason.NAMING, at, at + 1)
        if draft:
            draft.content = [(at + 1, self._quotations_end(quoted))]
            draft.mixed, draft.clause = True, False
        return draft

    def _act(self, group: Group) -> Draft | None:
        """«ha lanciato l'allarme»: with words of its own behind it, else the clause itself is the content."""
        if group.passive:
            return None
        at = group.end
        if self.letter[at : at + 2] == ":Q":
            return self._quotation_after(group, at + 1, None, None, False)
        if at < len(self.word) and self.word[at] in self.grammar["that"]:
            return self._draft(group, Reason.CLAUSE, at, at + 1)
        draft = self._draft(group, Reason.ACT, -1, at)
        if draft is None or not draft.source or draft.shares or Reason.DOUBTFUL_SOURCE in draft.reasons:
            return None
        end = draft.content[0][1]
        if draft.before >= 0 and self.letter[draft.before] == "S":
            comma = self.letter.find(",", at, end)
            end = comma if comma > 0 else end
        draft.content = [(min(draft.start, draft.source[0]), end)]
        draft.whole = True
        return draft

    def _from(self, group: Group) -> Draft | None:
        """«Dal rapporto emerge che»: the source stands behind its «da»."""
        at = group.start - 1
        while at >= 0 and self.letter[at] in "RTK":
            at -= 1
        start = at
        while start >= 0 and self.letter[start] != "B" and at - start < 10:
            start -= 1
        if start < 0 or self.letter[start] != "B" or self.phrases.at(start + 1) != at + 1:
            return None
        opener = group.end
        if opener >= len(self.word) or self.word[opener] not in self.grammar["that"]:
            return None
        draft = Draft(
            [(group.start, opener + 1)],
            (start + 1, at + 1),
            [(opener + 1, self._clause_end(opener + 1))],
            [Reason.CLAUSE, Reason.DOCUMENT],
            start,
            opener + 1,
            before=start - 1,
            clause=True,
        )
        return draft

    # Prepositions

    def _preposition(self, place: int) -> Draft | None:
        if self.word[place + 1 : place + 2] and self.word[place + 1] in self.grammar["secondo"]:
            return self._according_to_whom(place)
        for phrase in self.lexicon.prepositions[self.word[place]]:
            draft = self._of_phrase(place, phrase)
            if draft:
                return draft
        return None

    def _according_to_whom(self, place: int) -> Draft | None:
        """«I medici, secondo cui la cura funziona, aspettano»."""
        source = self.phrases.antecedent(place, 0)
        first = place + 2
        if not source or first >= len(self.word):
            return None
        comma = self.letter.find(",", first, self._clause_end(first))
        last = comma if comma > 0 else self._clause_end(first)
        if last <= first:
            return None
        draft = Draft([(place, first)], source, [(first, last)], [Reason.PREPOSITION, Reason.RELATIVE], place, first)
        draft.before = place - 1
        return draft

    def _of_phrase(self, place: int, phrase: tuple[str, ...]) -> Draft | None:
        at: int = place
        verb: Group | None = None
        source: Range | None = None
        for part in phrase:
            if at >= len(self.word):
                return None
            if part in ("DI", "OF"):
                fits = self.letter[at] == "O"
            elif part == "A":
                fits = self.letter[at] == "A"
            elif part in ("DA", "BY"):
                fits = self.letter[at] == "B"
            elif part == "IN":
                fits = self.letter[at] == "P"
            elif part == "DETTO":
                at = self._participle(at)
                if at < 0:
                    return None
                continue
            elif part == "SA":
                found = self._said(at)
                if not found:
                    return None
                verb, source, at = found
                continue
            else:
                fits = self.word[at] == part
            if not fits:
                return None
            at += 1
        end = at
        if source is None:
            end = self.phrases.with_more(at, bare=True)
            if end == at:
                return None
            source = (at, end)
        elif source[0] >= at:
            end = source[1]
        if not self._believable(place, phrase, source, end):
            return None
        cue = [(place, at)] if not verb or source[0] >= at else [(place, place + 1), (verb.start, verb.end)]
        start_of_clause = self._starts_clause(place)
        if phrase == ("per",) and (
            self.letter[end : end + 1] != ","
            or self.letter[end + 1 : end + 2] in ("S", "R", "C", "")
            or self.letter[max(0, place - 2) : place].strip("C.:;")
        ):
            return None
        if phrase[0] in ("come", "as") and not start_of_clause and self.letter[place - 1] not in ",-(":
            return None
        draft = Draft(cue, source, [], [Reason.PREPOSITION], place, end, before=place - 1)
        if phrase == ("per",):
            draft.reasons.append(Reason.DOUBTFUL_CUE)
        if "M" in self.letter[source[0] : source[1]]:
            draft.reasons.append(Reason.DOCUMENT)
        if self.letter[end : end + 1] == "(":
            closing = self.letter.find(")", end, end + 8)
            end = closing + 1 if closing > 0 else end
        following = end
        while self.letter[following : following + 1] in ("R", "T"):
            following += 1
        if verb:
            behind = self._behind_circumstances(following)
            following = behind if self.letter[behind : behind + 1] == "," else following
        if start_of_clause:
            first = following + (self.letter[following : following + 1] in (",", ":"))
            last = self._clause_end(first) if first < len(self.letter) else first
            if last <= first:
                return None
            draft.content, draft.clause = [(first, last)], True
            return draft
        separator = place
        while separator and self.letter[separator - 1] == "R":  # «sempre secondo»
            separator -= 1
        separator -= self.letter[separator - 1] in ",-("
        first = self._region_start(place)
        if separator <= first:
            return None
        draft.content = [(first, separator)]
        if self.letter[following : following + 1] in (",", "-"):
            draft.content += self._right_part(first, separator, following)
        elif following < len(self.letter) and self.letter[following] not in ".;:)Q":
            complete = separator - first > 6 or any(kind in "XV" for kind in self.letter[first:separator])
            if self.letter[following] not in "CSE" and not complete:
                draft.content.append((following, self._clause_end(following)))
        return draft

    def _participle(self, at: int) -> int:
        """Behind «riferito», «è stato riferito», “reported”; -1 if there is none."""
        while at < len(self.word) and self.letter[at] in "XR":
            at += 1
        if at < len(self.word) and any(
            cue.mark in "nd" and cue.frames & {"that", "from"}
            for cue in self.lexicon.forms.get(self.word[at], ())
        ):
            return at + 1
        return at + 1 if at < len(self.word) and self.word[at] in ("emerso", "appreso", "trapelato") else -1

    def _said(self, at: int) -> tuple[Group, Range, int] | None:
        """«ha spiegato la preside», “the minister explained”: the verb, who, and where the verb ends."""
        if self.letter[at] in "DGUNHJML#":
            last = self.phrases.at(at)
            for verb in range(last, min(len(self.word), last + 4)):
                group = self._reporting(verb)
                if group and group.start <= last:
                    return group, (at, last), group.end
            return None
        for verb in range(at, min(len(self.word), at + 5)):
            group = self._reporting(verb)
            if group:
                start = self._behind_circumstances(group.end)
                last = self.phrases.with_more(start)
                return (group, (start, last), group.end) if last > start else None
        return None

    def _behind_circumstances(self, at: int) -> int:
        """«aveva spiegato venerdì sera ai giornalisti il vicecapo»: behind when, where and to whom."""
        while at < len(self.letter):
            last = self.phrases.at(at)
            if self.letter[at] in "RT" or (last > at and self.phrases.is_time(at, last)):
                at = max(at + 1, last if self.letter[at] not in "RT" else at + 1)
            elif self.letter[at] in "AP" and self.phrases.at(at + 1) > at + 1:
                at = self.phrases.at(at + 1)
            else:
                break
        return at

    def _reporting(self, place: int) -> Group | None:
        return next(
            (
                group
                for group in groups_at(self.words, place, self.lexicon)
                if group.frames & {"that", "quote"} and not group.passive and not group.gerund
                and not group.impersonal
            ),
            None,
        )

    def _believable(self, place: int, phrase: tuple[str, ...], source: Range, end: int) -> bool:
        """«secondo la legge», «il secondo tempo», “according to plan”: not everything behind the word is a source."""
        letter, word, grammar = self.letter, self.word, self.grammar
        nouns = [at for at in range(*source) if letter[at] in NOMINAL]
        if phrase in (("secondo",), ("per",)):
            if place and letter[place - 1] in "DOBANSX" and letter[place - 1] not in "S":
                return False
            first = source[0]
            if letter[first] not in "DG#UN" and word[first] not in grammar["plural sources"]:
                return False
        if phrase == ("per",):
            return (
                any(letter[at] in "HJM" for at in nouns)
                or all(letter[at] == "U" for at in nouns)
                and letter[source[0]] in "UD"
            ) and not any(word[at] in grammar["no speaker"] for at in nouns)
        if phrase[0] in ("secondo", "according", "stando"):
            return letter[source[0]] in "NG" or bool(nouns) and word[nouns[0]] not in grammar["not believed"]
        if phrase[0] in ("come", "as"):
            return self._speaks(*source)
        return bool(nouns) or letter[source[0]] in "NG"

    def _starts_clause(self, place: int) -> bool:
        """Whether nothing but little words stands between a preposition and the beginning of its clause."""
        at = place - 1
        if self.letter[at:place] == "C":
            return True
        while at >= 0 and self.letter[at] in "RTC,":
            at -= 1
        if at < 0 or self.letter[at] in ".:;":
            return True
        return self.letter[at] == "S" and (self.word[at] in self.grammar["that"] or place - at == 1)

    # Nouns

    def _noun(self, place: int) -> Draft | None:
        cue = next((cue for cue in self.lexicon.forms[self.word[place]] if cue.mark == "N"), None)
        if not cue or not self._stands_as_noun(place):
            return None
        letter, at = self.letter, place + 1
        source: Range | None = None
        start, spans = place, [(place, place + 1)]
        if at < len(letter) and letter[at] in "OBF":
            last = self.phrases.with_more(at + 1)
            if last > at + 1:
                source, at = (at + 1, last), last
        elif self.english and place >= 2 and letter[place - 1] == "'":
            source = self._owner(place - 1)
            start = source[0] if source else place
        if "weak" in cue.frames and not source:
            return None
        draft = self._noun_content(cue, place, at)
        if draft is None:
            return self._noun_behind(cue, place, source)
        draft.cue = spans + draft.cue if draft.cue else spans
        if draft.cue[0][1] == draft.cue[-1][0]:
            draft.cue = [(draft.cue[0][0], draft.cue[-1][1])]
        draft.start, draft.before = start, start - 1
        self._owned(draft, source)
        return draft

    def _stands_as_noun(self, place: int) -> bool:
        if self.letter[place] != "W":
            return True
        return place == 0 or self.letter[place - 1] in "DOABPF'#LHU"

    def _owner(self, possessive: int) -> Range | None:
        for start in range(max(0, possessive - 8), possessive):
            if self.letter[start] in "DLHJMIWU" and self.phrases.pattern.fullmatch(self.letter, start, possessive):
                return start, possessive
        return None

    def _noun_content(self, cue: Cue, place: int, at: int) -> Draft | None:
        """The content behind a noun and its «di»: «secondo cui», «che», a colon."""
        letter, word, grammar = self.letter, self.word, self.grammar
        comma = letter[at : at + 1] == ","
        opener = at + comma
        if opener + 1 >= len(word):
            return None
        if word[opener] == "secondo" and (
            word[opener + 1] in grammar["secondo"]
            or (word[opener + 2 : opener + 3] and word[opener + 2] in grammar["secondo il"])
        ):
            first = opener + 2 + (word[opener + 1] not in grammar["secondo"])
            return self._noun_draft([(opener, first)], first, self._content_of_noun(first, place))
        if letter[at] == ":" and "quote" in cue.frames | {"quote"} and letter[at + 1] == "Q":
            return self._noun_draft([], at + 1, self._quotations_end(at + 1))
        if word[at] in grammar["that"] and "that" in cue.frames and not self._is_relative(at):
            return self._noun_draft([(at, at + 1)], at + 1, self._content_of_noun(at + 1, place))
        return None

    def _noun_draft(self, cue: list[Range], first: int, last: int) -> Draft | None:
        if last <= first:
            return None
        return Draft(cue, None, [(first, last)], [Reason.NOUN], first, first, clause=True)

    def _owned(self, draft: Draft, source: Range | None) -> None:
        if source:
            draft.source = source
            if not self._speaks(*source):
                draft.reasons.append(Reason.DOUBTFUL_SOURCE)
        else:
            draft.unspoken = Unspoken.UNNAMED
            draft.reasons.append(Reason.NO_SOURCE)

    def _noun_behind(self, cue: Cue, place: int, source: Range | None) -> Draft | None:
        """«Così non va»: è il commento di Greco."""
        if "quote" not in cue.frames or not source or self.english:
            return None
        letter, at = self.letter, place - 1
        while at >= 0 and letter[at] == "D":
            at -= 1
        start = at + 1
        if at >= 0 and letter[at] == "X" and self.word[at] in self.grammar["been"]:
            at -= 1
        if at >= 0 and self.word[at] in self.grammar["is"]:
            start = at
            at -= 1
        elif at < 0 or letter[at] != ",":
            return None
        quoted = at - 1 if at > 0 and letter[at] in ",:-" else at
        if quoted < 0 or letter[quoted] != "Q" or not self._is_free(quoted):
            return None
        content = [(quoted, quoted + 1)]
        draft = Draft([(start, source[0])], source, content, [Reason.NOUN, Reason.QUOTATION], start, source[1])
        draft.before = at
        return draft

    def _is_relative(self, place: int) -> bool:
        """«la notizia che ha dato»: «che» has a verb behind it and no subject, or hardly anything."""
        following = self.letter[place + 1 : place + 4]
        if not following or following[0] in "XVK.,:;" or self.letter[place - 1] not in NOMINAL:
            return True
        return self.english and following[0] == "N" and len(following) > 1 and following[1] in "LVW" and (
            len(following) < 3 or following[2] in "XV.,"
        )

    def _content_of_noun(self, first: int, noun: int) -> int:
        """Where the content of a noun ends: before the main verb, if the noun is the subject of its sentence."""
        end = self._clause_end(first)
        before = self.letter[max(0, self.letter.rfind(".", 0, noun) + 1) : noun]
        if before.strip("DLRTCHJU'"):
            return end
        verbs = [at for at in range(first, end) if self.letter[at] in "XV" and self._is_finite(at)]
        groups = [at for index, at in enumerate(verbs) if not index or at - verbs[index - 1] > 1]
        needed = 1 if self._hides_a_verb(first, groups[0] if groups else end) else 2
        return groups[needed - 1] if len(groups) >= needed else end

    def _is_finite(self, place: int) -> bool:
        return self.word[place] not in self.grammar["been"]

    def _hides_a_verb(self, first: int, last: int) -> bool:
        """Whether more than a subject stands before the first verb that is known: then its own verb is not."""
        return last - self.phrases.at(first) > 1 or (
            self.english and any(self.letter[at] == "L" and self.word[at].endswith(("s", "ed"))
                                 for at in range(first + 1, min(last, len(self.word))))
        )

    # «…», così il ministro; Conte: «…»

    def _so(self, place: int) -> Draft | None:
        quoted = place - 1
        if quoted > 0 and self.letter[quoted] in ",-":
            quoted -= 1
        if quoted < 0 or self.letter[quoted] != "Q" or not self._is_free(quoted):
            return None
        last = self.phrases.with_more(place + 1)
        if last == place + 1 or not self._speaks(place + 1, last):
            return None
        draft = Draft(
            [(place, place + 1)], (place + 1, last), [(quoted, quoted + 1)], [Reason.QUOTATION], place, last
        )
        draft.before = quoted
        return draft

    def _colons(self) -> None:
        """A quotation behind a name and a colon, as headlines have it."""
        taken = [content for draft in self.drafts for content in draft.content]
        for at in range(1, len(self.letter) - 1):
            if self.letter[at] != ":" or self.letter[at + 1] != "Q":
                continue
            if any(first <= at + 1 < last for first, last in taken):
                continue
            first = self.letter.rfind(".", 0, at) + 1
            while first < at and self.letter[first] in "RTC":
                first += 1
            last = self.phrases.with_more(first, end=at)
            rest = self.letter[last:at]
            if last == first or at - first > 12 or not self._speaks(first, last) or rest.strip("APBTRDLHU"):
                continue
            if rest and rest[0] not in "APBTR":
                continue
            content = [(at + 1, self._quotations_end(at + 1))]
            self.drafts.append(
                Draft([(at, at + 1)], (first, last), content, [Reason.COLON], first, at + 1, before=first - 1)
            )


def settle(drafts: list[Draft], words: Words, lexicon: Lexicon) -> None:
    """Cut each content where the next report begins beside it, part what is said with «e che»."""
    letter = words.classes
    for draft in drafts:
        if draft.clause and draft.content:
            for other in drafts:
                if other is not draft:
                    _cut(draft, other, words, lexicon)
            _part_coordinated(draft, words, lexicon)
        for index, (first, last) in enumerate(draft.content):
            while last > first and letter[last - 1] in ",-:;CZK" and not draft.whole:
                last -= 1
            while first < last and letter[first] in ",":
                first += 1
            draft.content[index] = (first, last)
        draft.content = [(first, last) for first, last in draft.content if first < last]
    drafts[:] = [draft for draft in drafts if draft.content or draft.awaits]


def _cut(draft: Draft, other: Draft, words: Words, lexicon: Lexicon) -> None:
    """End a content before a report that stands beside it: «… e ha aggiunto che», «…, mentre la difesa»."""
    letter, grammar = words.classes, lexicon.grammar
    first, last = draft.content[-1]
    begins = min(other.start, other.cue[0][0])
    if not first < begins < last:
        return
    before = begins - 1
    while before > first and letter[before] in "RTK":
        before -= 1
    comma = before > first and letter[before] == ","
    if other.gerund:
        beside = comma
    elif letter[before] == "C" and other.opener != "":
        beside = words.words[before + 1] not in grammar["that"]
    elif letter[before] == "C":
        beside = True
    elif letter[before] == "S" and words.words[before] in grammar["while"]:
        beside = True
    else:
        beside = comma and (other.shares or other.unspoken is not None) and other.clause
    if beside:
        draft.content[-1] = (first, before)


def _part_coordinated(draft: Draft, words: Words, lexicon: Lexicon) -> None:
    """«sosteneva che A e che B»: two contents of one cue, whose second little word is part of it too."""
    that = frozenset({draft.opener})
    if not draft.opener or draft.opener in lexicon.grammar["whether"]:
        return
    first, last = draft.content[-1]
    parts: list[tuple[int, int]] = []
    at = first
    while at < last - 1:
        little = at + 1 + (words.classes[at + 1] == "R" and at < last - 2)  # «ma anche che»
        again = words.classes[at] == "C" and words.words[little] in that and at > first
        if again and draft.opener in lexicon.grammar["to"] and words.classes[little + 1 : little + 2] not in ("=", "Z", "L"):
            again = False
        if again:
            parts.append((first, at))
            draft.cue.append((little, little + 1))
            first = little + 1
            at = little
        elif words.words[at] in that and draft.opener in lexicon.grammar["that"]:
            break
        at += 1
    draft.content[-1:] = [*parts, (first, last)]

