"""Reanchoring."""

from newsroom.text.reanchoring.fates import Candidate, Fate, State, reanchor

__all__ = ["Candidate", "Fate", "State", "reanchor"]
