"""English, which has no numbers that mean one day everywhere."""

DATE_INPUT_FORMATS = ["%d %b %Y", "%d %B %Y"]
DATETIME_INPUT_FORMATS = ["%d %b %Y %H:%M"]
