"""Funds, projects, organizations and places, kept by form in the staff's room."""
