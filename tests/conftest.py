"""Fixtures for every test: a real PostgreSQL, and the outbox run by hand where Celery is not what is tested."""

import gc
import math
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypotheses

from campaign.database import clock
from campaign.journal import files, journal, position
from campaign.outbox import claims, execution
from campaign.outbox.handlers import handler_for, kinds
from campaign.outbox.heartbeats import Beats
from campaign.performance import group_commit
from campaign.secrecy import passages
from campaign.secrecy.periods import boxes, pseudonyms
from letters.constituency.congress.chambers import chamber
from letters.models.recipients.recipient_lists import US_SENATE
from pages.uploads import isolation
from tests.live import migrated

# The short one is the same every time and shows what it finds as it found it; the long one looks elsewhere each time
# and then for the shortest way there (--hypothesis-profile=long). A machine that is busy makes its examples slowly.
hypotheses.register_profile(
    "short",
    deadline=None,
    max_examples=10,
    stateful_step_count=40,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
hypotheses.register_profile(
    "long",
    deadline=None,
    max_examples=300,
    stateful_step_count=60,
    suppress_health_check=[HealthCheck.too_slow],
)
hypotheses.load_profile("short")

JOURNALS = count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that both processes end at about the same time."""
    items.sort(
        key=lambda item: (
            "live_site" not in getattr(item, "fixturenames", ()),
            item.get_closest_marker("system") is None,
        )
    )


def pytest_collection_finish() -> None:
    """What was imported by now stays; looking for garbage in it again and again took a fifteenth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def drain() -> int:
    """Do all due work in this process, claim by claim as the relay and a worker would; how many items were begun."""
    begun = 0
    while rows := [
        (kind, row) for kind in kinds() for row in claims.claim(kind, limit=500, lease=handler_for(kind).lease)
    ]:
        for kind in kinds():
            pairs = [(pk, token) for its_kind, (pk, token, _) in rows if its_kind == kind]
            execution.execute(kind, pairs)
        begun += len(rows)
    return begun


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The tests' own database is a copy too (tests/live/migrated.py)."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ[migrated.NAME]


def make_first_list(**signal: Any) -> None:
    chamber(US_SENATE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """Tests of transactions empty every table when they are done; the audit book would refuse (tests/audit).

    Django then says that it has migrated, and the list of recipients that a migration made is made again.
    """
    post_migrate.connect(make_first_list, sender=apps.get_app_config("letters"))
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("audit_entry", "audit_link"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_is_never_emptied")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """A hash that is meant to be slow would take a quarter of a second for each member of staff that a test makes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def quick_clients() -> None:
    """Files are looked up when they are asked for; reading all of them would take each new test client a tenth."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def read_clock() -> None:
    """The database is on this machine, so its clock is known also to tests that may not ask it.

    To a ten-thousandth of a second, since what a test opens or closes "now" is compared with it at once; for each test,
    since a machine's clock may be set while they run.
    """
    while True:
        before, now, after = clock.counter(), timezone.now(), clock.counter()
        if after - before < 0.000_1:
            clock.clock.reading = clock.Reading(now, before, good_until=math.inf)
            return


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """What a busy machine does late is no fault. Tests of these limits set their own."""
    group_commit.WAIT_SECONDS = 60
    isolation.DEADLINE = isolation.PATIENCE = 100


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    """What a process remembers for a minute is neither there nor gone by chance when a test counts its queries."""
    for remembered in (boxes.sealers, boxes.agreements, passages.currents, Beats.last):
        remembered.clear()
    pseudonyms.Known.key = None


@pytest.fixture(autouse=True)
def own_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A test's transaction that is rolled back looks like a restored backup to a journal that outlives it."""
    settings.JOURNAL_FOLDER = tmp_path_factory.getbasetemp() / f"journal-{next(JOURNALS)}"
    forget_journal()
    yield settings.JOURNAL_FOLDER
    forget_journal()


def forget_journal() -> None:
    """As a process that has just started."""
    position.known.forget()
    files.writer.close()
    files.writer.missed = 0
    journal.Times.counted = journal.Times.told = float("-inf")


@pytest.fixture(scope="session", autouse=True)
def static_files() -> Path:
    """Collected once, as on a server, so that a page which names a missing file fails."""
    call_command("collectstatic", clear=True, interactive=False, verbosity=0)
    return settings.STATIC_ROOT


@pytest.fixture
def outbox_drained(db: None) -> Callable[[], int]:
    return drain
