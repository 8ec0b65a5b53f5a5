"""English, which has no numbers that mean one day everywhere."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i e"
MONTH_DAY_FORMAT = "j F"
DATE_INPUT_FORMATS = ["%d %b %Y", "%d %B %Y"]
DATETIME_INPUT_FORMATS = ["%d %b %Y %H:%M"]
