"""Requests as they come: what they hold, from where, and what is logged and known of the site."""
