"""The year-end board: who owes expenditure for a year, and many files at once."""
