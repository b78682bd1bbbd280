"""Archiving and removing set an end from now on; to what was put away without one it is given here, as of today."""

from django.db import migrations

END = """
    UPDATE petitions_petition SET closes_at = greatest(now(), opens_at + interval '1 second')
    WHERE visibility IN ('archived', 'removed') AND (closes_at IS NULL OR closes_at > now())
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0019_next_step_explained")]

    operations = [migrations.RunSQL(END, migrations.RunSQL.noop)]
