"""The map of the world as a choice of countries."""
