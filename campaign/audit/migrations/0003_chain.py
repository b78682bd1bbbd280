"""Each entry gets a link in a chain of hashes. The trigger holds up writers only while this transaction lasts."""

from django.db import migrations, models

TRIGGERS = """
    CREATE FUNCTION audit_await_link() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO audit_unlinked (entry_id) SELECT id FROM added ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$;
    CREATE TRIGGER audit_entry_awaits_link AFTER INSERT ON audit_entry
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_await_link();
    CREATE TRIGGER audit_link_stays BEFORE UPDATE OR DELETE ON audit_link
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
    CREATE TRIGGER audit_link_is_never_emptied BEFORE TRUNCATE ON audit_link
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
NO_TRIGGERS = """
    DROP FUNCTION audit_await_link() CASCADE;
    DROP TRIGGER audit_link_stays ON audit_link;
    DROP TRIGGER audit_link_is_never_emptied ON audit_link;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("digest", models.BinaryField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Unlinked",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
