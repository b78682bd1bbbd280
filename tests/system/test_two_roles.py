"""The site's own role in the database cannot rewrite the audit; what its owner rewrites is found."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from standalone import site as processes
from standalone.ports import unused_port
from standalone.supervision.process import wait_until
from tests.environment import SETTINGS
from tests.live.redis_server import RedisServer
from tests.live.site import LiveSite, create_database, drop_database
from tests.live.smtp_sink import SmtpSink

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

ATTACKS = [
    *[
        statement.format(table=table)
        for table in ("audit_entry", "audit_link")
        for statement in (
            "UPDATE {table} SET id = id" if table == "audit_entry" else "UPDATE {table} SET number = number",
            "DELETE FROM {table}",
            "TRUNCATE {table}",
            "TRUNCATE {table} CASCADE",
            "SELECT * FROM {table} FOR UPDATE",
            "BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "ALTER TABLE {table} DISABLE TRIGGER USER",
            "ALTER TABLE {table} RENAME TO other",
            "ALTER TABLE {table} ADD COLUMN other int",
            "ALTER TABLE {table} OWNER TO CURRENT_USER",
            "DROP TABLE {table}",
            "DROP TRIGGER {table}_stays ON {table}",
            "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
            "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
            "CREATE INDEX ON {table} ((true))",
            "COMMENT ON TABLE {table} IS 'mine'",
            "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING RETURNING pg_read_file('PG_VERSION')",
        )
    ],
    "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (id) DO UPDATE SET who = 'eve'",
    "DROP TRIGGER audit_entry_awaits_link ON audit_entry",
    "DROP FUNCTION audit_refuse() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION audit_refuse() RENAME TO other",
    "CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION dblink",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO PUBLIC",
    "REASSIGN OWNED BY {owner} TO CURRENT_USER",
    "COPY audit_entry TO PROGRAM 'cat'",
    "ALTER SYSTEM SET session_replication_role TO replica",
    "DROP TABLE petitions_signature CASCADE",
    "TRUNCATE petitions_signature CASCADE",
    "ALTER TABLE petitions_petitiontext DISABLE TRIGGER USER",
]
TAMPER = """
    ALTER TABLE audit_entry DISABLE TRIGGER USER;
    UPDATE audit_entry SET who = 'eve' WHERE id = {id};
    ALTER TABLE audit_entry ENABLE TRIGGER USER;
"""
HEAD = "SELECT number || ':' || encode(digest, 'hex') FROM audit_link ORDER BY number DESC LIMIT 1"
WRITE = """
from django.db import transaction
from campaign import audit
for number in range(5):
    with transaction.atomic():
        audit.note("user.made", by="ada", on="site", number=number)
"""


ASK = "from campaign.database import grants; print('REWRITES', grants.may_rewrite())"


@pytest.fixture(scope="module")
def idle_site(
    live_redis: RedisServer, live_smtp_sink: SmtpSink, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """Its database and commands, with five linked entries; no process of it runs."""
    server_url = os.environ["DATABASE_URL"]
    urls = create_database(server_url)
    log = tmp_path_factory.mktemp("log")
    settings = {**SETTINGS, **urls, "REDIS_URL": live_redis.url, "JOURNAL_FOLDER": str(log / "journal")}
    site = LiveSite(port=unused_port(), settings=settings, log=log, smtp_sink=live_smtp_sink)
    site.manage("migrate")
    site.manage("shell", "-c", WRITE)
    site.manage("audit")
    yield site
    site.stop()
    drop_database(server_url, urls)


@pytest.fixture
def application(idle_site: LiveSite) -> Iterator[psycopg.Connection]:
    with psycopg.connect(idle_site.settings["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def owner_of(site: LiveSite) -> str:
    return str(site.query("SELECT tableowner FROM pg_tables WHERE tablename = 'audit_entry'")[0][0])


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_is_refused(idle_site: LiveSite, application: psycopg.Connection, attack: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        application.execute(attack.format(owner=f'"{owner_of(idle_site)}"').encode())


def test_the_application_cannot_grant_itself_more(idle_site: LiveSite, application: psycopg.Connection) -> None:
    """PostgreSQL answers with a warning, and grants nothing."""
    application.execute("GRANT ALL ON audit_entry TO CURRENT_USER")
    with pytest.raises(InsufficientPrivilege):
        application.execute("DELETE FROM audit_entry")


def test_a_function_that_runs_as_the_owner_reaches_no_table_of_the_applications(
    application: psycopg.Connection,
) -> None:
    application.execute("CREATE TEMPORARY TABLE petitions_signature (id int)")
    application.execute("SELECT petitions_analyze_signatures()")
    found = application.execute(
        "SELECT last_analyze FROM pg_stat_all_tables WHERE relid = 'pg_temp.petitions_signature'::regclass"
    )
    assert found.fetchone() == (None,)


def test_the_application_refreshes_statistics(idle_site: LiveSite, application: psycopg.Connection) -> None:
    analyzed = "SELECT analyze_count FROM pg_stat_user_tables WHERE relname = 'petitions_signature'"
    before = idle_site.query(analyzed)[0][0]
    application.execute("SELECT petitions_analyze_signatures()")
    assert wait_until(lambda: idle_site.query(analyzed)[0][0] > before, seconds=60)


def test_what_the_owner_changes_is_found(idle_site: LiveSite, tmp_path: Path) -> None:
    mailed = f"--head={idle_site.query(HEAD)[0][0]}"
    assert "Every entry fits. Head: 5:" in idle_site.manage("audit", "--check", mailed)
    third = idle_site.query("SELECT entry_id FROM audit_link WHERE number = 3")[0][0]
    with psycopg.connect(idle_site.owner_url, autocommit=True) as owner:
        owner.execute(TAMPER.format(id=third).encode())
    check = processes.manage_process(idle_site.settings, tmp_path, "audit", "--check", mailed)
    check.start()
    assert wait_until(lambda: not check.is_running(), seconds=120)
    assert check.exit_code() == 1
    assert f"Entry {third} is not what it was when it was linked (link 3)." in check.last_lines()


def test_a_site_that_owned_its_tables_gives_them_away(
    live_redis: RedisServer, live_smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    """As docs/deploy.md says, to an owner that is no superuser."""
    server_url = os.environ["DATABASE_URL"]
    urls = create_database(server_url, template="template1")
    name = urlsplit(urls["OWNER_DATABASE_URL"]).path.strip("/")
    owner_url = urls["DATABASE_URL"].replace(name, f"{name}_owner", 1)
    settings = {**SETTINGS, **urls, "REDIS_URL": live_redis.url, "JOURNAL_FOLDER": str(tmp_path / "journal")}

    def site(owner: str) -> LiveSite:
        given = settings | {"OWNER_DATABASE_URL": owner}
        return LiveSite(port=unused_port(), settings=given, log=tmp_path, smtp_sink=live_smtp_sink)

    with psycopg.connect(urls["OWNER_DATABASE_URL"], autocommit=True) as superuser:
        superuser.execute(f"ALTER DATABASE {name} OWNER TO {name}".encode())
        site(owner="").manage("migrate")
        assert "REWRITES True" in site(owner="").manage("shell", "-c", ASK)
        password = urlsplit(owner_url).password
        superuser.execute(f"CREATE ROLE {name}_owner LOGIN PASSWORD '{password}'".encode())
        superuser.execute(f"REASSIGN OWNED BY {name} TO {name}_owner".encode())
        parted = site(owner_url)
        parted.manage("migrate")
        parted.manage("migrate")
        assert parted.manage("shell", "-c", ASK).rstrip().endswith("REWRITES False")
        parted.manage("shell", "-c", WRITE)
        assert "Linked: 5." in parted.manage("audit")
        parted.manage("recount")
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as application:
        for attack in ("DELETE FROM audit_entry", "CREATE TABLE mine (id int)", f"SET ROLE {name}_owner"):
            with pytest.raises(InsufficientPrivilege):
                application.execute(attack.encode())
    drop_database(server_url, urls)
    with psycopg.connect(server_url, autocommit=True) as superuser:
        superuser.execute(f"DROP ROLE {name}_owner".encode())
