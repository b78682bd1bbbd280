"""The embedded servers, from the machine and from the wheels."""

import os
import signal
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest

from standalone import paths
from standalone.paths import Account, Home, Trouble
from standalone.servers import binaries, postgres, postgres_versions, redis, services
from standalone.supervision.interruption import Interruption
from standalone.supervision.supervisor import Supervisor
from tests.live.lacking import lacking


@pytest.fixture
def home() -> Iterator[Home]:
    with paths.throw_away_home() as home:
        yield home


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with Supervisor(Interruption()) as supervisor:
        yield supervisor
    for number, handler in before.items():
        signal.signal(number, handler)


def settings(source: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "EMBEDDED_POSTGRES": source, "EMBEDDED_REDIS": source}


@pytest.mark.parametrize("source", [binaries.WHEEL, binaries.SYSTEM])
def test_postgresql_of_either_source_knows_letters_beyond_english(
    supervisor: Supervisor, home: Home, source: str
) -> None:
    if source == binaries.SYSTEM and not list(postgres_versions.of_machine(home)):
        lacking("a PostgreSQL of its own", is_optional=True)
    urls = services.start(supervisor, home, {**settings(source), "REDIS_URL": "unix:///given"})
    assert urls["REDIS_URL"] == "unix:///given"
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT upper('é')").fetchone() == ("É",)
        assert connection.info.server_version // 10000 >= postgres_versions.OLDEST


def test_the_site_has_a_role_of_its_own_unless_a_database_was_given(supervisor: Supervisor, home: Home) -> None:
    services.start(supervisor, home, settings(""))
    urls = services.two_roles(home, settings(""))
    with psycopg.connect(urls["DATABASE_URL"]) as application, psycopg.connect(urls["OWNER_DATABASE_URL"]) as owner:
        assert application.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        database = "SELECT current_database()"
        assert application.execute(database).fetchone() == owner.execute(database).fetchone()
    assert services.two_roles(home, {"DATABASE_URL": "postgresql:///given"}) == {}


@pytest.mark.parametrize("source", [binaries.WHEEL, binaries.SYSTEM])
def test_redis_of_either_source_answers(supervisor: Supervisor, home: Home, source: str) -> None:
    if source == binaries.SYSTEM and not redis.of_machine(home):
        lacking("a Redis of its own", is_optional=True)
    services.start(supervisor, home, {**settings(source), "DATABASE_URL": os.environ["DATABASE_URL"]})
    assert redis.is_ready(home)


def test_a_program_that_goes_by_the_name_it_is_started_with_keeps_it(tmp_path: Path, home: Home) -> None:
    """Debian's redis-server is a link to redis-check-rdb; other links, as /bin in /usr, are one program."""
    program = tmp_path / "bin" / "redis-check-rdb"
    program.parent.mkdir()
    program.touch(mode=0o755)
    (tmp_path / "bin" / "redis-server").symlink_to("redis-check-rdb")
    (tmp_path / "also").symlink_to("bin")
    anybodys = replace(home, account=replace(home.account, is_other=False))
    found = binaries.usable("redis-server", [tmp_path / "also", tmp_path / "bin"], anybodys)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["bin/redis-server"]


def test_the_servers_hear_nobody_from_outside(supervisor: Supervisor, home: Home) -> None:
    services.start(supervisor, home, settings(""))
    pids = [child.process.running.pid for child in supervisor.children if child.process.running]
    assert len(pids) == 2
    assert [psutil.Process(pid).net_connections("inet") for pid in pids] == [[], []]


def test_a_server_that_outlived_its_supervisor_is_stopped_and_its_data_used(supervisor: Supervisor, home: Home) -> None:
    orphan = postgres.server(home, settings(""), supervisor.run)
    orphan.start()
    assert supervisor.interruption.wait_until(lambda: postgres.is_ready(home), seconds=60)
    postgres.make_database(home)
    assert postgres.url(home) in services.start(supervisor, home, settings("")).values()
    assert orphan.exit_code() == 0


def test_the_lock_of_a_dead_server_whose_number_is_now_another_programs_is_removed(home: Home) -> None:
    lock = home.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{home.data}\n")
    postgres.stop_leftover(home.data)
    assert not lock.exists()


def test_data_of_a_version_that_is_gone_is_not_replaced_by_an_empty_site(home: Home) -> None:
    (home.data / "postgresql-99").mkdir()
    with pytest.raises(Trouble, match="postgresql-99 needs its own version"):
        postgres_versions.choose(home, settings(""))


def test_the_data_decides_which_version_is_used(home: Home) -> None:
    (home.data / f"postgresql-{postgres_versions.MAJOR_OF_WHEEL}").mkdir()
    assert postgres_versions.choose(home, settings("")).major == postgres_versions.MAJOR_OF_WHEEL


def test_a_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    somebody = Account(os.geteuid() + 1, os.getegid(), is_other=False)
    with pytest.raises(Trouble, match="is not a directory of user"):
        paths.private(tmp_path, somebody)


def test_a_link_in_the_place_of_a_directory_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(Trouble, match="is not a directory of user"):
        paths.private(link, Account(os.geteuid(), os.getegid(), is_other=False))


def test_a_private_directory_is_closed_to_others(tmp_path: Path) -> None:
    path = paths.private(tmp_path / "new", Account(os.geteuid(), os.getegid(), is_other=False))
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_programs_that_the_servers_cannot_reach_are_copied_for_them(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "is_open_to_all", lambda path: False)
    behind_a_door = replace(home, account=replace(home.account, is_other=True), programs=tmp_path / "programs")
    copy = redis.of_wheel(behind_a_door)
    assert copy.is_relative_to(tmp_path)
    assert binaries.version(copy) >= redis.OLDEST_REDIS
    assert (
        binaries.version(postgres_versions.of_wheel_in_reach(behind_a_door) / "postgres")[0]
        == postgres_versions.MAJOR_OF_WHEEL
    )


def test_a_database_that_was_given_and_does_not_answer_is_named_in_one_line(supervisor: Supervisor, home: Home) -> None:
    with pytest.raises(Trouble, match=r"\ADATABASE_URL: .*refused.*\Z"):
        services.start(supervisor, home, {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"})
