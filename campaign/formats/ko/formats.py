# As CLDR has them: 오전 and 오후 (AM and PM) stand before the hour, and a short date has a full stop after each part.
DATETIME_FORMAT = "Y년 n월 j일 A g:i"
SHORT_DATE_FORMAT = "Y. n. j."
SHORT_DATETIME_FORMAT = "Y. n. j. A g:i"
