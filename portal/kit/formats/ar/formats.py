"""Arabic: whole names of months, the day first; Latin digits with the separators of CLDR."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i e"
DATE_INPUT_FORMATS = ["%d/%m/%Y"]
DATETIME_INPUT_FORMATS = ["%d/%m/%Y %H:%M"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
