"""Files of projects, organizations, funds and what belongs to them."""
