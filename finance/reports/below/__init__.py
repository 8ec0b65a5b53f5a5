"""Below the participants: what organizations pass on to implementing partners."""
