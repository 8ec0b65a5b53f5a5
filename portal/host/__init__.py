"""What keeps the portal running: embedded server, supervisor, demo, grants, measurements."""
