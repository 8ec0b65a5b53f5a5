"""The office's settings: the first-run page, and the same page ever after."""
