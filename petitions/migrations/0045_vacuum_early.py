from django.db import migrations

# PostgreSQL's own fifth of the table would be ten million dead rows among fifty million signatures (docs/performance.md).
EARLY = """
    ALTER TABLE petitions_signature SET (
        autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.02,
        autovacuum_analyze_scale_factor = 0.02
    )
"""
USUAL = """
    ALTER TABLE petitions_signature RESET (
        autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor
    )
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0044_delivery_to_the_addressee")]
    operations = [migrations.RunSQL(EARLY, USUAL)]
