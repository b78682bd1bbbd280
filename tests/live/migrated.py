"""One database with every table, of which all others on the tests' server are copies (a plugin).

A copy takes a second; all migrations, from the first on, take twenty.
"""

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from campaign import database
from standalone.paths import ROOT
from tests.environment import SETTINGS

NAME = "MIGRATED_DATABASE"  # in the environment, which the processes that share the work inherit


def pytest_configure(config: pytest.Config) -> None:
    if NAME in os.environ or config.option.collectonly:
        return
    name = f"migrated_{secrets.token_hex(4)}"
    on_server("CREATE DATABASE {}", name)
    os.environ[NAME] = name
    config.add_cleanup(lambda: on_server("DROP DATABASE {} WITH (FORCE)", os.environ.pop(NAME)))
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **SETTINGS, "DATABASE_URL": url}, check=True)
    with psycopg.connect(database.for_libpq(url)) as connection:
        connection.execute("DELETE FROM secrecy_period")  # each copy has keys of its own, in a folder of its own


def on_server(statement: str, name: str) -> None:
    url = database.for_libpq(os.environ["DATABASE_URL"])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
