"""From a received file to released records: scope, check, release, reversal."""
