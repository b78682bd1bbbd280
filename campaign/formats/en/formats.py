from campaign.formats import DATES, TIMES

# 11/09/2026 is read in two ways.
SHORT_DATE_FORMAT = "M j, Y"
SHORT_DATETIME_FORMAT = "M j, Y, P"

DATE_INPUT_FORMATS = [*DATES, "%m/%d/%Y"]
TIME_INPUT_FORMATS = TIMES
