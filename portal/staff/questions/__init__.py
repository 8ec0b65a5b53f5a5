"""Questions and feedback in the staff's room: taken on, answered, closed."""
