"""What a load would change, line by line: which line replaces which, and what a reader sees."""
