"""What has no translation into a reader's Chinese is read in the other Chinese, not as it was written."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from letters.models import LetterCampaignText
from pages.models import SiteSettings
from pages.newsletter import digest, sending
from pages.publishing.translatable import text_digest
from pages.search import indexing
from tests.letters.factories import make_campaign
from tests.pages.factories import make_action, make_audience, make_block, make_news_item, make_page, make_staff
from tests.pages.test_newsletter import make_issue, make_subscribers
from tests.petitions.factories import make_petition, make_text

pytestmark = pytest.mark.django_db

CHINESE = {"zh-hant": "我們是誰", "zh-hans": "我们是谁"}
OTHER = {"zh-hant": "zh-hans", "zh-hans": "zh-hant"}
NOT_WHOLE = {"zh-hant": "尚未完整翻譯", "zh-hans": "尚未完整翻译"}

both = pytest.mark.parametrize("reader", CHINESE)


def read(client: Any, language: str, address: str = "/about/") -> str:
    return client.get(f"/{language}{address}").content.decode()


@both
def test_a_page_is_read_in_the_other_chinese_and_marked_as_such_with_no_word_about_it(client, reader):
    other = OTHER[reader]
    make_page(title="Who we are", translations={other: {"title": CHINESE[other]}})
    shown = read(client, reader)
    assert CHINESE[other] in shown
    assert f'lang="{other}"' in shown
    assert "Who we are" not in shown
    assert NOT_WHOLE[reader] not in shown


@both
def test_their_own_comes_first(client, reader):
    make_page(title="Who we are", translations={code: {"title": title} for code, title in CHINESE.items()})
    shown = read(client, reader)
    assert CHINESE[reader] in shown
    assert CHINESE[OTHER[reader]] not in shown


def test_nobody_else_reads_it(client):
    make_page(title="Who we are", translations={"zh-hant": {"title": CHINESE["zh-hant"]}})
    for language in ("ja", "ko", "vi"):
        assert "Who we are" in read(client, language)


def test_what_is_whole_in_the_other_alone_is_read_whole_in_it(client):
    page = make_page(title="Who we are", translations={code: {"title": title} for code, title in CHINESE.items()})
    make_block(page, "<p>Words.</p>", translations={"zh-hant": {"body": "<p>幾句話。</p>"}})
    shown = read(client, "zh-hans")
    assert "幾句話。" in shown
    assert CHINESE["zh-hant"] in shown
    assert CHINESE["zh-hans"] not in shown


def test_what_is_whole_in_neither_is_read_as_it_was_written(client):
    page = make_page(title="Who we are", translations={"zh-hant": {"title": CHINESE["zh-hant"]}})
    make_block(page, "<p>Words.</p>", translations={"zh-hans": {"body": "<p>几句话。</p>"}})
    shown = read(client, "zh-hans")
    assert "Who we are" in shown
    assert "Words." in shown
    assert NOT_WHOLE["zh-hans"] in shown


def test_what_was_written_in_it_is_not_read_in_a_translation_into_the_other(client):
    make_page(title=CHINESE["zh-hant"], language="zh-hant", translations={"zh-hans": {"title": CHINESE["zh-hans"]}})
    assert CHINESE["zh-hant"] in read(client, "zh-hant")
    assert CHINESE["zh-hans"] in read(client, "zh-hans")


def test_a_list_of_actions_of_which_one_is_in_the_other_chinese_says_nothing_about_it(client):
    audience = make_audience(name="Doctors", translations={"zh-hans": {"name": "医生"}})
    make_action(audience, "Ask", translations={"zh-hant": {"title": "詢問"}})
    shown = read(client, "zh-hans", audience.get_absolute_url())
    assert "詢問" in shown
    assert NOT_WHOLE["zh-hans"] not in shown


def test_each_sentence_of_the_site_falls_back_by_itself(client):
    traditional = {"banner": "緊急", "introduction": "我們是。"}
    translations = {"zh-hant": traditional, "zh-hans": {"introduction": "我们是。"}}
    SiteSettings.objects.create(name="Name", banner="Urgent", introduction="We are.", translations=translations)
    shown = read(client, "zh-hans", "/")
    assert '<p class="wide" lang="zh-hant" dir="ltr">' in shown
    assert "<p>我们是。</p>" in shown


def test_what_people_at_risk_decide_by_falls_back_to_a_translation_of_what_it_says_today(client):
    today = {"lede": text_digest("We keep your name, sealed.")}
    older = {"lede": text_digest("We keep nothing.")}
    translations = {
        "zh-hant": {"title": "隱私", "lede": "我們封存您的姓名。", "_from": today},
        "zh-hans": {"title": "隐私", "lede": "我们什么都不保存。", "_from": older},
    }
    make_page("privacy", title="Privacy", lede="We keep your name, sealed.", translations=translations)
    shown = read(client, "zh-hans", "/privacy/")
    assert "我們封存您的姓名。" in shown
    assert "我们什么都不保存。" not in shown


def test_it_is_found_and_shown_in_the_other_chinese(client):
    chinese = {"zh-hant": {"title": "器官移植", "summary": "發生了。"}}
    item = make_news_item("item", title="Transplants", translations=chinese)
    indexing.index(item)
    for address in ("/zh-hans/search/", "/zh-hans/news/"):
        assert "器官移植" in client.get(address, {"q": "发生"}).content.decode()


def test_a_petition_is_read_in_the_other_chinese(client):
    petition = make_petition()
    make_text(petition, "zh-hant", title="請制止")
    assert "請制止" in read(client, "zh-hans", "/petitions/stop/")
    assert petition.text_in("ja").language == "en"
    make_text(petition, "zh-hans", version=2, title="请制止")
    assert petition.text_in("zh-hans").title == "请制止"


def test_a_letter_campaign_is_read_in_the_other_chinese(client):
    words = {"title": "请支持", "ask": "请支持。", "summary": "这很重要。"}
    LetterCampaignText.objects.create(campaign=make_campaign(), language="zh-hans", **words)
    assert "请支持" in read(client, "zh-hant", "/letters/support/")


def test_an_issue_is_sent_in_the_other_chinese_with_no_word_about_it(client, outbox_drained):
    make_subscribers("a", language="zh-hans")
    traditional = {"subject": "新消息", "body": "<p>內容</p>"}
    issue = make_issue(translations={"zh-hant": traditional, "zh-hans": {"subject": "新"}})
    client.force_login(make_staff())
    desk = client.get(reverse("admin:pages_issue_change", args=[issue.pk])).content.decode()
    assert "Recipients whose language has no text here" not in desk
    assert "Translated in part only" not in desk
    sending.start(issue, by=None)
    outbox_drained()
    sent: Any
    (sent,) = mail.outbox
    assert sent.subject == "新消息"
    assert "原文" not in sent.body
    assert '<div lang="zh-hant" dir="ltr"><p>內容</p>' in str(sent.alternatives[0][0])


@both
def test_the_digest_has_what_can_be_read_in_the_other_chinese(reader):
    other = OTHER[reader]
    make_news_item("both", title="First", translations={code: titled(title) for code, title in CHINESE.items()})
    item = make_news_item("other", title="Transplants", translations={other: titled("器官")})
    item.blocks.create(body="<p>Words.</p>", translations={other: {"body": "<p>話</p>"}})
    half = make_news_item("half", title="In part", translations={other: titled("一半")})
    half.blocks.create(body="<p>Words.</p>", translations={reader: {"body": "<p>話</p>"}})
    texts = digest.texts_by_language()
    assert list(texts) == ["en", *(code for code, _name in settings.LANGUAGES if code in CHINESE)]
    body = texts[reader]["body"]
    assert CHINESE[reader] in body
    assert CHINESE[other] not in body
    assert f"/{reader}/news/other/" in body
    assert "half" not in body


def titled(title: str) -> dict[str, str]:
    return {"title": title, "summary": "發生了。"}
