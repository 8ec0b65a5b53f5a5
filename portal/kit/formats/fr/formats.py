"""French: the day first."""

DATE_FORMAT = "j N Y"
DATETIME_FORMAT = "j N Y, H:i e"
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M"]
