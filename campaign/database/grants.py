"""What the application's role may do in a database that another role owns: use every table, but neither change its
structure nor rewrite those in settings.APPEND_ONLY_TABLES.

`manage.py migrate` grants it before, as default privileges, so that the site runs on while tables are made, and after.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'USAGE')"
SEQUENCES = """
    SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() AND pg_has_role(sequenceowner, 'USAGE')
"""
IN_SCHEMA = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}",
)
ON_TABLES = ("GRANT SELECT, INSERT, UPDATE, DELETE ON {names} TO {role}",)
ON_APPEND_ONLY = ("REVOKE ALL ON {names} FROM PUBLIC, {role}", "GRANT SELECT, INSERT ON {names} TO {role}")
ON_SEQUENCES = ("GRANT USAGE, SELECT, UPDATE ON SEQUENCE {names} TO {role}",)
MAY_REWRITE = """
    SELECT EXISTS (
        SELECT FROM pg_class
        WHERE oid = ANY(%s::regclass[])
            AND (
                pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
            )
    )
"""


@transaction.atomic
def grant_to(role: str) -> None:
    """Give `role` its rights in the current schema, and no more.

    Call it as the owner. It does nothing if that is `role`.
    """
    if role == current_role():
        return
    tables = column(TABLES)
    append_only = [name for name in tables if name in settings.APPEND_ONLY_TABLES]
    parts = {"role": sql.Identifier(role), "schema": sql.Identifier(*column("SELECT current_schema()"))}
    execute(IN_SCHEMA, parts)
    for statements, names in ((ON_TABLES, tables), (ON_APPEND_ONLY, append_only), (ON_SEQUENCES, column(SEQUENCES))):
        if names:
            execute(statements, {**parts, "names": sql.SQL(", ").join(map(sql.Identifier, names))})


def current_role() -> str:
    (role,) = column("SELECT current_user")
    return str(role)


def may_rewrite() -> bool:
    """Return whether the role of this process could change what is in the append-only tables."""
    (found,) = column(MAY_REWRITE, settings.APPEND_ONLY_TABLES)
    return bool(found)


def column(statement: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [value for (value,) in cursor.fetchall()]


def execute(statements: tuple[str, ...], parts: Mapping[str, sql.Composable]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(**parts))
