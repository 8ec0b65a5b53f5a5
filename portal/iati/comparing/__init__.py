"""An organization's own IATI beside ours: what it says that it received and spent, by project."""
