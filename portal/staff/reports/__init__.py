"""Reports due, reminders and closures in the staff's room."""
