"""Limits may be forgotten in a crash, and must not cost a signature a wait for the disk."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("protection", "0002_domainrule_meter")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE protection_{table} SET UNLOGGED", f"ALTER TABLE protection_{table} SET LOGGED"
        )
        for table in ("meter", "allowance")
    ]
