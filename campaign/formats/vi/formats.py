# Django begins every date with "Ngày", which sentences already say in their own place. The dates are CLDR's; the time
# stands behind the date rather than before it, since pages write its zone (UTC) last.
DATE_FORMAT = r"j \t\há\n\g n, Y"  # 8 tháng 5, 2026
DATETIME_FORMAT = r"j \t\há\n\g n, Y, H:i"  # 8 tháng 5, 2026, 14:05
YEAR_MONTH_FORMAT = r"F \nă\m Y"  # Tháng 5 năm 2026
SHORT_DATE_FORMAT = "j/n/Y"  # 8/5/2026
SHORT_DATETIME_FORMAT = "j/n/Y, H:i"  # 8/5/2026, 14:05
