"""Who says what in a text, with which words: source, cue and content of each attribution.

The problem. Half of a newspaper is what others said, and a fact-check begins with who said it. The notions
are those of PARC 3.0: the *cue* is the words that attribute (verb, preposition, noun, or a mere colon), the
*source* the words that name who speaks, the *content* what is said; it is *direct* in quotation marks,
*indirect* without, *mixed* where a sentence of the reporter's has some quoted words in it; and attributions
nest. A guess is shown to an editor who takes it, corrects it or throws it away. So a guess must come at
once, say why it was made, and be nothing rather than nonsense; and an editor who misses a word must be able
to add it.

There are three ways. *A model* trained on annotated news finds most and explains nothing. The corpora are
English or not free, and nothing that is trained on them may be shipped. *A parser* (spaCy, UDPipe) gives
subjects and clauses, and rules on its trees are short; but it weighs hundreds of megabytes, costs a
millisecond for every few words, and its errors change with each release. *Patterns over words* know no
grammar but what is written down here. Reported speech is the most formulaic prose there is: few verbs,
behind them «che» or a quotation, before them whoever speaks, and a comma where the order is turned. This is
the third way. It costs a list of words and a rule for each construction, fails where a subject has relative
clauses of its own or a verb is in no list, and learns nothing; what it finds can be what a model is later
taught with.

How it goes. Sentences that a quotation holds together are a stretch, read by itself; a quotation counts as
one word. Each word gets a letter for its class, so that noun phrases are regular expressions over letters.
A word of the lexicon is tried as preposition, verb and noun; each construction says where its content is
and asks who is left to be the source. Then neighbours cut one another's contents, and the text has its say:
quotations go on, pronouns find their names, what is said within quotations is read in its turn.

lexicon       the words, as data; extended() adds further ones
conjugation   the forms of a verb
italian       Italian: cues, and the small words around them
english       English, likewise
words         a stretch → its words and their classes
phrases       noun phrases, and which is the subject of a verb
groups        verb groups: active, passive, impersonal, or no verb at all
drafts        an attribution in words, and how sure it is
clauses       what all constructions ask: where a clause ends, who leads it
sources       who says it, or why nobody does
complements   what follows a verb
asides        what stands around it
constructions verbs with a grammar of their own
prepositions  «secondo», «a detta di», «come ha spiegato»
nouns         «l'annuncio che», «così», the colon
reading       a stretch → its drafts
settling      contents that neighbours cut
found         an attribution in characters, and which stands in which
passages      a text in stretches; what goes on from one to the next
guesses       what comes of it
guessing      the two questions: who says what in a text, and who says what here
"""

from newsroom.text.attribution.english import ENGLISH
from newsroom.text.attribution.guesses import Guess, QuoteType, Reason, Unspoken
from newsroom.text.attribution.guessing import LEXICONS, attribution_at, attributions
from newsroom.text.attribution.italian import ITALIAN
from newsroom.text.attribution.lexicon import Lexicon

__all__ = [
    "ENGLISH",
    "ITALIAN",
    "LEXICONS",
    "Guess",
    "Lexicon",
    "QuoteType",
    "Reason",
    "Unspoken",
    "attribution_at",
    "attributions",
]
