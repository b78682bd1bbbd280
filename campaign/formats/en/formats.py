SHORT_DATE_FORMAT = "M j, Y"  # 11/09/2026 is read in two ways
