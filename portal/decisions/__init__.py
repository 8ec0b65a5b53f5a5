"""Decisions: who approved what, on which day, with which minutes."""
