"""Views: thin; what they show is decided in panels, tables and querysets."""
