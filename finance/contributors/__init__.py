"""Contributors: arrangements, deposits, shares."""
