"""Single rows entered by form in the staff's room: decisions and sub-grants."""
