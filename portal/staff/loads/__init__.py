"""Loads in the staff's room: entered, mapped, checked, corrected, released, reversed."""
