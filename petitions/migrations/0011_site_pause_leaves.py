"""The switch of the whole site is shared with letters now (campaign.protection); as it stood, so it stays.

The old table stays too, for code that runs beside this (docs/deploy.md).
"""

from django.db import migrations

KEEP = """
    UPDATE {new} SET is_on = TRUE WHERE EXISTS (SELECT FROM {old} WHERE is_on)
"""
OLD, NEW = "petitions_sitepause", "protection_sitepause"


class Migration(migrations.Migration):
    dependencies = [("petitions", "0010_free_addresses"), ("protection", "0004_sitepause")]

    operations = [
        migrations.RunSQL(KEEP.format(new=NEW, old=OLD), KEEP.format(new=OLD, old=NEW)),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="SitePause")]),
    ]
