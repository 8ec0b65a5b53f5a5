"""Withholding: what staff may take out of public view, put back, or erase by law."""
