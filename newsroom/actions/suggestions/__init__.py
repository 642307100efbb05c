"""Suggestions: what a program proposes to tag becomes rows, and a person decides.

`propose` writes what was read out of the current text and is not tagged or rejected there already, and renews
whom that may stand for which waits. `accept` makes a tag of a suggestion, as it is or corrected; `reject` is
remembered, in later texts too; `replace` does both, where the words bear a tag of another kind. All are
undone like any change of tags. What two people decide at once, one decides: the other is told by `Overtaken`.
"""

from .deciding import accept, accept_all, reject, replace
from .proposing import propose

__all__ = ["accept", "accept_all", "propose", "reject", "replace"]
