"""Countries stand where readers of each language look for them."""

import json

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


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Holland", "NL"),
        ("Suomi", "FI"),
        ("Česko", "CZ"),
        ("臺灣", "TW"),
        ("États-Unis", "US"),
        ("Burma", "MM"),
        ("Bosnia and Herzegovina", "BA"),
        ("Cote d'Ivoire", "CI"),
        ("duc", "DE"),
        ("Hong Kong", "HK"),
        ("People's Republic of China", "CN"),
        ("中華民國", "TW"),
        ("Palästina", "PS"),
        ("Mỹ", "US"),
        ("U.K.", "GB"),
    ],
)
def test_a_country_is_known_by_its_own_name_and_by_what_people_call_it(name, code):
    assert countries.code_of(name) == code


def test_the_file_of_all_names_is_up_to_date(settings):
    """`make manage ARGS="list_country_names" > static/country_names.json` writes it anew."""
    assert json.loads((settings.ROOT / "static" / "country_names.json").read_text()) == countries.all_names()


def test_each_alias_adds_a_name_and_each_name_means_one_country():
    known = [countries.folded(name) for names in countries.all_names().values() for name in names]
    assert len(known) == len(set(known))
    given = [*countries.ALIASES.items(), *countries.PARTS.items()]
    named = {code: {countries.folded(each) for each in countries.named_by_cldr(code)} for code, _aliases in given}
    aliases = [(code, countries.folded(alias)) for code, called in given for alias in called]
    assert [alias for code, alias in aliases if alias in named[code]] == []
    assert len(aliases) == len(set(aliases))


@pytest.mark.parametrize("name", ["Congo", "Kongo"])
def test_a_name_that_may_mean_either_of_two_countries_finds_neither(name):
    assert countries.code_of(name) is None


def test_no_name_of_a_country_is_the_code_of_another():
    """Who types it means the country of that name, as the field does, which goes by a code only as it is written."""
    named = [(code, name) for code, names in countries.all_names().items() for name in names]
    assert [name for code, name in named if countries.is_known(name.strip()) and name.strip() != code] == []
