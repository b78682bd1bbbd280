"""Countries stand where readers of each language look for them."""

import pytest
from django.conf import settings

from campaign.web import countries


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_country_has_its_place_in_the_order(language):
    assert sorted(countries.ORDERS[language].split()) == sorted(countries.names(language))


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("de", "DK", "AE"),  # Dänemark … Vereinigte Arabische Emirate
        ("de", "OM", "AT"),  # Oman, Österreich
        ("vi", "DO", "TW"),  # Cộng hòa Dominica, Đài Loan
        ("vi", "DM", "DE"),  # Dominica, Đức: Đ is a letter of its own, after D
        ("es", "NE", "OM"),
        ("ja", "AF", "IN"),  # ア, イ
        ("zh-hans", "DE", "CN"),  # déguó, zhōngguó
        ("zh-hans", "AL", "BR"),  # ā, bā
        ("zh-hant", "CN", "DE"),  # 中 of four strokes, 德 of fifteen
    ],
)
def test_the_order_is_that_of_the_languages_dictionaries(language, before, after):
    order = list(countries.names(language))
    assert order.index(before) < order.index(after)
