"""Withholding in the staff's room."""
