"""Documents, their versions, and who may keep them."""
