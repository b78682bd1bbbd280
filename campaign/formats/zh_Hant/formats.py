from campaign.formats import DATES, TIMES

# As in English, whatever the language of staff: what stands beside the fields is read and written this one way.
DATE_INPUT_FORMATS = DATES
TIME_INPUT_FORMATS = TIMES
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
