"""The staff's room."""
