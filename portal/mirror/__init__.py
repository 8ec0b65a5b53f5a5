"""A static copy of all public pages, which can be read without the portal."""
