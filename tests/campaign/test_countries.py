"""Countries stand where readers of each language look for them."""

import json

import pytest
from django.conf import settings

from campaign.protection.inputs.typed_text import without_accents
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


@pytest.mark.parametrize(
    ("name", "code"),
    [("Holland", "NL"), ("Suomi", "FI"), ("Česko", "CZ"), ("臺灣", "TW"), ("États-Unis", "US"), ("Burma", "MM")],
)
def test_a_country_is_known_by_its_own_name_and_by_what_people_call_it(name, code):
    assert countries.code_of(name) == code


def test_the_file_of_all_names_is_up_to_date(settings):
    """`make manage ARGS="list_country_names" > static/country_names.json` writes it anew."""
    assert json.loads((settings.ROOT / "static" / "country_names.json").read_text()) == countries.all_names()


def test_each_alias_adds_a_name_and_each_name_means_one_country():
    known = [without_accents(name) for names in countries.all_names().values() for name in names]
    assert len(known) == len(set(known))
    named = {code: {without_accents(each) for each in countries.named_by_cldr(code)} for code in countries.ALIASES}
    aliases = [(code, without_accents(alias)) for code, given in countries.ALIASES.items() for alias in given]
    assert [alias for code, alias in aliases if alias in named[code]] == []
    assert len(aliases) == len(set(aliases))
