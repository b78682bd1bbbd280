"""The translators' desk: texts go out in a PO file, and what comes back is shown before it is stored."""

import io
from typing import Any

import pytest
from babel.messages import pofile
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaign.revisions.models import Version
from campaign.safety_sentences import safety_sentences
from pages.models import Issue, NewsItem, Page
from pages.models.newsletter import IssueState
from pages.translation import editor
from tests.pages.factories import make_block, make_news_item, make_page, make_staff
from tests.pages.test_roles import member
from tests.petitions.factories import make_petition, make_text

pytestmark = pytest.mark.django_db
GERMAN = "?language=de"
WORDS = {"Who we are": "Wer wir sind", "History": "Geschichte", "<p>Words.</p>": "<p>Wörter.</p>"}


@pytest.fixture
def page() -> Page:
    page = make_page(title="Who we are")
    make_block(page, "<p>Words.</p>", heading="History")
    return page


@pytest.fixture
def desk(client) -> Client:
    client.force_login(make_staff())
    return client


def exported(desk: Client, query: str = GERMAN) -> Any:
    answer = desk.get(reverse("admin:translations_file") + query)
    assert "attachment" in answer["Content-Disposition"]
    return pofile.read_po(io.BytesIO(answer.content))


def filled(catalog: Any, words: dict[str, str] = WORDS, **changes: Any) -> bytes:
    """As a translator returns it; `changes` are of each message that has words."""
    for message in catalog:
        if message.id in words:
            message.string = words[message.id]
            for name, value in changes.items():
                setattr(message, name, value)
    file = io.BytesIO()
    pofile.write_po(file, catalog)
    return file.getvalue()


def returned(desk: Client, data: bytes, query: str = GERMAN) -> Any:
    file = SimpleUploadedFile("back.po", data)
    return desk.post(reverse("admin:translations_returned") + query, {"file": file})


def store(desk: Client, shown: Any, **more: str) -> Any:
    sent = {"file": shown.context["file"], **more}
    return desk.post(reverse("admin:translations_store") + GERMAN, sent, follow=True)


def test_a_file_goes_out_and_comes_back_translated(desk, client, page):
    shown = returned(desk, filled(exported(desk)))
    assert [change.text for change in shown.context["reading"].changes] == list(WORDS.values())
    assert "Texts stored: 3." in store(desk, shown).content.decode()
    page.refresh_from_db()
    assert not editor.is_shown(page, "de")
    assert Version.objects.of(page).count() > 0
    again = returned(desk, filled(exported(desk, f"{GERMAN}&everything"), {"Who we are": "Über uns"}))
    store(desk, again, is_shown="on")
    german = client.get("/de/about/").content.decode()
    assert "Über uns" in german
    assert "<p>Wörter.</p>" in german


def test_a_file_holds_what_waits_or_everything(desk, page):
    editor.translate(
        page, language="de", texts={line.key: "X" for line in editor.lines(page, "de")}, is_shown=True, by=None
    )
    item = make_news_item()
    waiting = {message.context.split("/")[0] for message in exported(desk) if message.id}
    assert waiting == {f"newsitem-{item.pk}"}
    everything = {message.context.split("/")[0] for message in exported(desk, f"{GERMAN}&everything") if message.id}
    assert everything == {f"newsitem-{item.pk}", f"page-{page.pk}"}


def test_an_outdated_text_is_unsure_and_says_what_changed(desk, page):
    store(desk, returned(desk, filled(exported(desk))))
    page.refresh_from_db()
    page.title = "Who we really are"
    page.save()
    message = next(message for message in exported(desk) if message.id == page.title)
    assert message.fuzzy
    assert message.string == "Wer wir sind"
    assert returned(desk, filled(exported(desk), {})).context["reading"].changes == []


def test_a_text_whose_original_changed_meanwhile_is_not_taken(desk, page):
    file = filled(exported(desk))
    Page.objects.filter(pk=page.pk).update(title="Who we really are")
    reading = returned(desk, file).context["reading"]
    assert len(reading.changes) == 2
    assert "original has been changed" in " ".join(reading.problems)


def test_what_a_colleague_translated_after_the_preview_is_not_overwritten(desk, page):
    shown = returned(desk, filled(exported(desk)))
    texts = {line.key: "Von der Kollegin" for line in editor.lines(page, "de") if not line.is_rich}
    editor.translate(page, language="de", texts=texts, is_shown=False, by=None)
    answer = store(desk, shown).content.decode()
    assert "Somebody changed these texts meanwhile" in answer
    page.refresh_from_db()
    assert page.translations["de"]["title"] == "Von der Kollegin"


def test_a_translation_is_cleaned_and_an_overlong_one_named(desk, page):
    words = {"<p>Words.</p>": "<p>x</p><script>alert(1)</script>", "Who we are": "x" * 1000}
    shown = returned(desk, filled(exported(desk), words))
    assert "are the most" in " ".join(shown.context["reading"].problems)
    store(desk, shown)
    assert page.blocks.get().translations["de"]["body"] == "<p>x</p>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"no PO file",
        b'msgid "a\n',
        b'msgid ""\nmsgstr "Language: fr\\n"\n',
        b"\x00" * 100,
        b'msgid ""\nmsgstr "Plural-Forms: nplurals=2000000000; plural=0\\n"\n\nmsgid "a"\nmsgid_plural "b"\n',
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset*=utf-8\'\'x\\n"\n',
        b'msgid ""\nmsgstr "Plural-Forms: nplurals*=x; plural=0\\n"\n',
    ],
    ids=["empty", "bytes", "words", "broken", "French", "zeros", "plurals", "an odd charset", "odd plurals"],
)
def test_what_is_no_file_for_the_language_is_refused_in_words(desk, data):
    answer = returned(desk, data)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_file_that_was_tampered_with_is_not_stored(desk, page):
    shown = returned(desk, filled(exported(desk)))
    sent = {"file": f"{shown.context['file']}x"}
    answer = desk.post(reverse("admin:translations_store") + GERMAN, sent, follow=True)
    assert "choose the file once more" in answer.content.decode()


def test_a_text_that_is_still_right_is_said_so_by_taking_off_its_mark(desk, page):
    store(desk, returned(desk, filled(exported(desk))))
    page.refresh_from_db()
    page.title = "Who we really are"
    page.save()
    catalog = exported(desk)
    message = next(message for message in catalog if message.id == page.title)
    message.flags.discard("fuzzy")
    store(desk, returned(desk, filled(catalog, {})))
    page.refresh_from_db()
    assert [line.name for line in editor.lines(page, "de") if line.is_outdated] == []


def test_an_issue_that_is_being_sent_is_not_changed_by_a_file(desk):
    issue = Issue.objects.create(subject="News", body="<p>It was.</p>")
    file = filled(exported(desk), {"News": "Neues"})
    Issue.objects.filter(pk=issue.pk).update(state=IssueState.SENDING)
    assert "may not change" in " ".join(returned(desk, file).context["reading"].problems)
    assert not [message for message in exported(desk, f"{GERMAN}&everything") if message.id == "News"]


def test_what_was_written_in_the_language_is_not_translated_into_it(desk):
    make_page("ueber", title="Über uns", language="de")
    assert not [message for message in exported(desk, f"{GERMAN}&everything") if message.id]


def test_what_was_stored_in_another_spelling_is_no_change(desk, page):
    block = page.blocks.get()
    type(block).objects.filter(pk=block.pk).update(translations={"de": {"body": "<p>400&nbsp;% &amp; mehr</p>\n"}})
    assert returned(desk, filled(exported(desk), {})).context["reading"].changes == []


def test_a_mark_of_windows_editors_does_no_harm(desk, page):
    assert len(returned(desk, b"\xef\xbb\xbf" + filled(exported(desk))).context["reading"].changes) == 3


def test_a_person_translates_only_what_they_may_change(client, page):
    item = make_news_item()
    person = User.objects.create_user("pages", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="change_page"))
    client.force_login(person)
    assert {message.context.split("/")[0] for message in exported(client) if message.id} == {f"page-{page.pk}"}
    catalog = exported(client)
    message = next(message for message in catalog if message.id)
    catalog.add("News", "Neues", context=f"newsitem-{item.pk}/newsitem-{item.pk}-title")
    assert message.context
    reading = returned(client, filled(catalog, {})).context["reading"]
    assert "may not change" in " ".join(reading.problems)
    assert NewsItem.objects.get().translations == {}


def test_what_says_nothing_in_the_language_is_named(desk):
    petition = make_petition()
    assert desk.get(reverse("admin:to_translate") + GERMAN).context["untold"][0][0] == petition
    editor_of_pages = Client()
    editor_of_pages.force_login(member("Editor"))
    for client in (desk, editor_of_pages):
        ((_petition, url),) = client.get(reverse("admin:to_translate") + GERMAN).context["untold"]
        assert bool(url) == (client.get(f"/admin/petitions/petition/{petition.pk}/change/").status_code == 200)
    make_text(petition, "de")
    assert desk.get(reverse("admin:to_translate") + GERMAN).context["untold"] == []


def test_a_typist_does_not_reach_it(client):
    client.force_login(User.objects.create_user("typist", is_staff=True))
    assert client.get(reverse("admin:translations_file")).status_code == 403
    assert returned(client, b"").status_code == 403


def test_the_desk_tells_which_sentences_for_people_at_risk_no_native_speaker_has_read(desk):
    shown = desk.get(reverse("admin:to_translate") + GERMAN).content.decode()
    assert f"as they stand: 0 of {len(safety_sentences())}." in shown
    assert "Über Sie wird nichts veröffentlicht." in shown
    assert "nobody yet" in shown
