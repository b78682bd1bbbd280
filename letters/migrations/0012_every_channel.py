"""Every channel has its row, so that staff can pause one that was not used yet."""

from django.db import migrations

ROWS = """
    INSERT INTO letters_channelstatus (name, paused_because, open_offices)
    SELECT unnest(ARRAY['senate_api', 'email', 'contact_form', 'print', 'sandbox']), '', '[]'
    ON CONFLICT (name) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("letters", "0011_channels_by_name")]

    operations = [migrations.RunSQL(ROWS, migrations.RunSQL.noop)]
