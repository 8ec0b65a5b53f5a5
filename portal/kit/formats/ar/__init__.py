"""Dates and numbers of this language; Django adds the ISO form by itself."""
