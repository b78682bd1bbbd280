from campaign.formats import DATES, TIMES

DATETIME_FORMAT = "Y年n月j日 G:i"  # as CLDR has it; Django leaves out the space, and the day runs into the hour

# As in English, whatever the language of staff: what stands beside the fields is read and written this one way.
DATE_INPUT_FORMATS = DATES
TIME_INPUT_FORMATS = TIMES
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
