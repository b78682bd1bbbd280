"""Dates and numbers by CLDR; Django has no comma between a date and its time, and no groups."""

DATETIME_FORMAT = "j בF Y, H:i"
SHORT_DATE_FORMAT = "j.n.Y"
SHORT_DATETIME_FORMAT = "j.n.Y, H:i"
NUMBER_GROUPING = 3
