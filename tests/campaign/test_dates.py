from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

EVENING = datetime(2026, 12, 1, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "form", "written"),
    [
        ("ja", "DATE_FORMAT", "2026年12月1日"),
        ("ja", "DATETIME_FORMAT", "2026年12月1日 21:05"),
        ("ko", "DATE_FORMAT", "2026년 12월 1일"),
        ("ko", "SHORT_DATE_FORMAT", "2026. 12. 1."),
        ("ko", "TIME_FORMAT", "오후 9:05"),
        ("ko", "DATETIME_FORMAT", "2026년 12월 1일 오후 9:05"),
        ("ko", "SHORT_DATETIME_FORMAT", "2026. 12. 1. 오후 9:05"),
        ("it", "DATE_FORMAT", "1 dic 2026"),
        ("it", "DATETIME_FORMAT", "1 dic 2026, 21:05"),
        ("it", "SHORT_DATE_FORMAT", "01/12/2026"),
        ("it", "TIME_FORMAT", "21:05"),
        ("vi", "DATE_FORMAT", "1 tháng 12, 2026"),
        ("vi", "DATETIME_FORMAT", "1 tháng 12, 2026, 21:05"),
        ("vi", "YEAR_MONTH_FORMAT", "Tháng 12 năm 2026"),
        ("vi", "SHORT_DATE_FORMAT", "1/12/2026"),
        ("vi", "SHORT_DATETIME_FORMAT", "1/12/2026, 21:05"),
        ("vi", "TIME_FORMAT", "21:05"),
        ("ar", "DATE_FORMAT", "1 ديسمبر 2026"),
        ("ar", "DATETIME_FORMAT", "1 ديسمبر 2026، 9:05 م"),
        ("ar", "SHORT_DATE_FORMAT", "1\u200f/12\u200f/2026"),
        ("ar", "SHORT_DATETIME_FORMAT", "1\u200f/12\u200f/2026، 9:05 م"),
        ("he", "DATE_FORMAT", "1 בדצמבר 2026"),
        ("he", "DATETIME_FORMAT", "1 בדצמבר 2026, 21:05"),
        ("he", "SHORT_DATE_FORMAT", "1.12.2026"),
        ("he", "SHORT_DATETIME_FORMAT", "1.12.2026, 21:05"),
    ],
)
def test_a_moment_is_written_as_readers_of_the_language_write_it(language: str, form: str, written: str) -> None:
    with translation.override(language):
        assert date_format(EVENING, form) == written
