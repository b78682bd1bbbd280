# Django's "08 Maggio 2026" has a zero and a capital letter that Italian does not write; CLDR's medium date has neither.
DATE_FORMAT = "j b Y"  # 8 mag 2026
DATETIME_FORMAT = "j b Y, H:i"  # 8 mag 2026, 14:05
