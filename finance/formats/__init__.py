"""Spreadsheets: what each kind of file holds, and the way from a file to typed rows."""
