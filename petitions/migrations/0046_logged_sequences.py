"""Sequences of unlogged tables, logged: on a standby that was promoted they were unusable ("bad magic number").

Such a table is empty then, as it may be. Its sequence was made unlogged with it by PostgreSQL 15 and newer.
"""

from django.db import migrations

SET_LOGGED = """
    DO $$
    DECLARE
        found regclass;
    BEGIN
        FOR found IN
            SELECT oid FROM pg_class
            WHERE relkind = 'S' AND relpersistence = 'u' AND relnamespace = current_schema()::regnamespace
        LOOP
            EXECUTE format('ALTER SEQUENCE %s SET LOGGED', found);
        END LOOP;
    END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0045_vacuum_early"),
        ("protection", "0005_canonical_domains"),
    ]

    operations = [migrations.RunSQL(SET_LOGGED, migrations.RunSQL.noop)]
