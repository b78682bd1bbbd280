from django.db import migrations

WHO_REGISTERED = """
    UPDATE petitions_rekeying r SET typed_by_id = b.entered_by_id FROM petitions_paperbatch b WHERE b.id = r.batch_id
"""


class Migration(migrations.Migration):
    """So far only who registered a sheet was kept: nearly always that is who typed it."""

    dependencies = [("petitions", "0025_rekeying_typed_by")]

    operations = [migrations.RunSQL(WHO_REGISTERED, migrations.RunSQL.noop)]
