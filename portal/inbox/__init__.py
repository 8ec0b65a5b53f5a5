"""What waits for a person, by what that person may do: on pages, and in a daily mail."""
