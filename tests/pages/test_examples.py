"""Action lists say where something has been done already, with date and source."""

from datetime import date

import pytest

from backoffice.first_content import content
from pages.models import Example
from tests.pages.factories import make_action, make_audience

pytestmark = pytest.mark.django_db


def test_an_example_stands_with_its_date_and_source(client):
    action = make_action(make_audience())
    words = {"place": "Spain", "what": "The penal code was changed.", "source": "Organic Law 5/2010"}
    action.examples.create(**words, happened_on=date(2010, 6, 22), source_url="https://law.example/")
    html = client.get("/how-you-can-help/medicine/").content.decode()
    assert "Who has already done it" in html
    assert '<time datetime="2010-06-22">June 22, 2010</time>' in html
    assert '<a href="https://law.example/" rel="noreferrer">Organic Law 5/2010</a>' in html


def test_every_seeded_example_has_its_source():
    content.seed_pages()
    examples = Example.objects.all()
    assert len(examples) >= 10
    assert all(example.source and example.what for example in examples)
