"""Spanish: the day first."""

DATE_FORMAT = "j b Y"
DATETIME_FORMAT = "j b Y, H:i e"
DATE_INPUT_FORMATS = ["%d/%m/%Y"]
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M"]
