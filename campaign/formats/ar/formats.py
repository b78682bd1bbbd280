DATETIME_FORMAT = "j F، Y، g:i A"  # Django has the date and the time, and for both together falls back to English
