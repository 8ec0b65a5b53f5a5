"""Backup and restore: database, files and keys as one set, checked and of one moment."""
