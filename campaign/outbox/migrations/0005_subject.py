"""Every row names its subject in a column of its own, whichever code wrote it.

Code that runs beside this knows of no subject, and finds reminders by `outbox_reminder`: the trigger names the subject
for it, and the index stays in the database. Both go with the next release (docs/deploy.md).
"""

from django.db import migrations, models

NAME = """
    CREATE FUNCTION outbox_subject(payload jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN coalesce(
        payload -> 'signature', payload -> 'constituent', payload -> 'delivery', payload -> 'decision', payload -> 'batch'
    )::bigint;
    CREATE FUNCTION outbox_name_subject() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.subject := outbox_subject(NEW.payload);
        RETURN NEW;
    END $$;
    CREATE TRIGGER outbox_subject_is_named BEFORE INSERT ON outbox_item
        FOR EACH ROW WHEN (NEW.subject IS NULL) EXECUTE FUNCTION outbox_name_subject();
"""
FORGET = "DROP FUNCTION outbox_name_subject() CASCADE; DROP FUNCTION outbox_subject(jsonb)"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_reminder_index")]

    operations = [
        migrations.AddField("item", "subject", models.BigIntegerField(null=True, editable=False)),
        migrations.RunSQL(NAME, FORGET),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveIndex("item", "outbox_reminder")]),
    ]
