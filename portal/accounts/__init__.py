"""Who signs in, and how: invitations, the second factor, roles."""
