from django.db import migrations

# What is done is deleted: with a million reminders waiting, a fifth of them would be dead before anybody looked.
EARLY = "ALTER TABLE outbox_item SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)"
USUAL = "ALTER TABLE outbox_item RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)"


class Migration(migrations.Migration):
    dependencies = [("outbox", "0012_tries")]
    operations = [migrations.RunSQL(EARLY, USUAL)]
