"""The page of the portal's health."""
