import pytest
from django.utils import translation
from django.utils.formats import number_format

from campaign.templatetags.numbers import number, share_of


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1,234,567"),
        ("de", "1.234.567"),
        ("ar", "1,234,567"),
        ("fr", "1\u202f234\u202f567"),
    ],
)
def test_a_number_is_written_as_readers_of_the_language_write_it(language: str, written: str) -> None:
    with translation.override(language):
        assert number(1234567) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", ["25%", "2.4%", "0%"]), ("de", ["25\xa0%", "2,4\xa0%", "0\xa0%"]), ("zh-hant", ["25%", "2.4%", "0%"])],
)
def test_a_share_has_a_tenth_where_it_is_small(language: str, written: list[str]) -> None:
    with translation.override(language):
        assert [share_of(25, 100), share_of(24, 1000), share_of(0, 0)] == written


def test_what_is_no_number_is_an_empty_text() -> None:
    assert number(None) == ""


@pytest.mark.parametrize("language", ["ar", "he"])
def test_a_number_that_django_writes_is_grouped_like_those_on_the_pages(language: str) -> None:
    with translation.override(language):
        assert number_format(1234567, force_grouping=True) == number(1234567)
