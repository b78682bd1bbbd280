"""How dates and times look and are typed where Django's own way does not serve: FORMAT_MODULE_PATH.

A field is filled in beforehand in the first of these ways, in every language of staff; the others are how people type.
What stands beside a field reads all of them (static/admin_look/moments.js).
"""

DATES = ["%Y-%m-%d", "%d.%m.%Y"]
TIMES = ["%H:%M:%S", "%H:%M", "%H.%M", "%H", "%H Uhr", "%H:%M Uhr", "%H.%M Uhr"]
