from django.db import migrations

AS_PRINTED = """
    UPDATE petitions_paperbatch b SET rows = greatest(s.rows, b.lines_read) FROM petitions_papersheet s
    WHERE s.batch_id = b.id AND b.rows IS NULL AND b.source = '' AND b.state = 'loading'
"""


class Migration(migrations.Migration):
    """Sheets that are being typed at the upgrade take no more rows than were printed on them, or are saved already."""

    dependencies = [("petitions", "0028_rows_on_a_sheet")]

    operations = [migrations.RunSQL(AS_PRINTED, migrations.RunSQL.noop)]
