"""Where projects work, in the staff's room."""
