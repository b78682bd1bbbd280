"""Entries from before the chain wait to be linked, by the same job. This locks none of them."""

from django.db import migrations

WAIT = "INSERT INTO audit_unlinked (entry_id) SELECT id FROM audit_entry ON CONFLICT DO NOTHING"


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]

    operations = [migrations.RunSQL(WAIT, migrations.RunSQL.noop)]
