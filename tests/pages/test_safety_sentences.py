"""The sentences that people at risk decide by: all of them named, each read as it stands."""

import re
from datetime import date

from babel.messages import pofile
from django.conf import settings

from campaign.safety_sentences import (
    Reading,
    SafetySentence,
    language_table,
    number_read,
    reading_table,
    safety_sentences,
    sheet,
)
from petitions.signing.consent import public_sentence, reminder_sentence, sealed_sentence

ROOT = settings.ROOT
TRANSLATED = re.compile(r'{% translate "([^"]+)" %}')


def sentences() -> dict[str, SafetySentence]:
    return {sentence.says: sentence for sentence in safety_sentences()}


def test_each_is_a_text_of_the_catalogues() -> None:
    with (ROOT / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        texts = {str(message.id) for message in pofile.read_po(file)}
    assert set(sentences()) - texts == set()


def test_what_consent_and_the_page_of_safety_say_is_among_them() -> None:
    consent = {sealed_sentence(), public_sentence(is_aloud=True), public_sentence(is_aloud=False), reminder_sentence()}
    assert consent - set(sentences()) == set()
    page = (ROOT / "templates/pages/safety.html").read_text().partition("<h2>")[2]
    said = {text for text in TRANSLATED.findall(page) if text.endswith(".")}
    assert len(said) > 10
    assert said - set(sentences()) == set()


def test_each_has_been_read_in_english_as_it_stands_and_no_reading_is_of_something_else() -> None:
    """A sentence that changed is compared with what the code does once more, and its reading written down."""
    for sentence in safety_sentences():
        current = [reading.language for reading in sentence.current()]
        assert settings.LANGUAGE_CODE in current, (sentence.name, sentence.digest(settings.LANGUAGE_CODE))
        assert current == [reading.language for reading in sentence.readings], sentence.name


def test_a_reading_does_not_outlast_what_was_read() -> None:
    sentence = safety_sentences()[0]
    assert list(sentence.current())
    changed = SafetySentence(sentence.name, sentence.says + " Or not.", sentence.readings)
    assert list(changed.current()) == []


def test_digests_tell_languages_apart() -> None:
    sentence = safety_sentences()[0]
    assert len({sentence.digest(code) for code, _name in settings.LANGUAGES}) == len(settings.LANGUAGES)


def test_the_address_of_a_mailbox_is_never_called_an_address_alone() -> None:
    """Several languages read that as where somebody lives. Of letters, the postal address is meant."""
    bare = re.compile(r"(?<!email )(?<!postal )\baddress\b")
    assert [says for says in sentences() if bare.search(says) and not re.search("letter|senator", says)] == []


def test_the_tables_of_readings_are_current() -> None:
    page = (ROOT / "docs/languages.md").read_text()
    assert language_table() in page
    assert reading_table() in page


def test_what_is_printed_to_be_read_holds_each_sentence_with_the_digest_that_is_then_written_down() -> None:
    sentence = safety_sentences()[0]
    printed = sheet("de")
    assert sentence.in_language("de") != sentence.says
    assert all(text in printed for text in (sentence.says, sentence.in_language("de"), sentence.digest("de")))
    reading = Reading("de", "Ana", date(2026, 12, 2), sentence.digest("de"))
    read = SafetySentence(sentence.name, sentence.says, (reading,))
    assert read.reading_in("de")
    assert read.reading_in("fr") is None
    assert number_read("en") == len(safety_sentences())
