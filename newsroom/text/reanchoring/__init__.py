"""What an annotation's words become in the next revision: exact, moved, altered or orphaned.

The problem. An editor changes the text, and hundreds of annotations stand on it. Most words are still there
at another offset; some were corrected, some went to another paragraph, some are gone while the same words
stand elsewhere. A rating that silently comes to stand on other words says something that nobody ever judged.
So a false anchor is worse than an orphan, and an orphan worse than a question to the editor.

There are two ways of seeing it. *Each quotation looks for itself*: keep the words and a few characters of
context, and search the new text for the likeliest place. That is what a browser must do that never saw the
old page (Hypothesis, Apache Annotator), and there it is the only way. But a short quotation finds itself
nearly anywhere, each annotation decides without knowing of the others, and every search costs a walk through
the text. *The texts look for each other*: we hold both revisions, so we align them once, word by word, and
ask where the tokens of a span went. A word is found by its whole neighbourhood, a deleted sentence is seen to
be deleted even if its words stand elsewhere, and a thousand spans cost little more than one. This is the
second way. The first comes last: what it finds of lost words is a proposal to a person, and no more.

tokens      text → words and marks under keys: quotes, blanks, case and Unicode form do not count
likeness    which words are one word in two forms
pairs       two strips of tokens in order, with gaps that like to lie between sentences
alignment   the two texts in order
runs        what both texts have left over
moves       blocks of it that left their place in the order, and what belongs to them
order       which words then stand at another place in the order
doubles     passages that could as well have become another one
places      a span → where its tokens landed, how far that place reaches, what its neighbours say of it
facts       the words whose change is never small: numbers, dates, negations, names
search      the quotation that looks for itself, only where nobody else lives
fates       all of it, for each span; the words have the last say

The thresholds were measured on pairs of revisions with known truth (``benchmarks/reanchoring.py``), and what
was tuned on some of the sources was confirmed on the others. Two things cannot be known from text alone:
which of two equal passages the editor meant to keep, and whether a passage that was written anew is still the
same claim. The alignment settles the first by where the texts part best, unless the passages are long: then a
person is asked, and if one of them is gone, the words are taken for lost. The second is always for a person.
"""

from newsroom.text.reanchoring.fates import Candidate, Fate, State, reanchor

__all__ = ["Candidate", "Fate", "State", "reanchor"]
