"""French: the day first."""

DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M"]
