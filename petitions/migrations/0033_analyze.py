"""The application's role may have the statistics of signatures refreshed, although it does not own them.

PostgreSQL 17 could be told so (GRANT MAINTAIN), 15 and 16 cannot.
"""

from django.db import migrations

ANALYZE = """
    CREATE FUNCTION petitions_analyze_signatures() RETURNS void LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        ANALYZE (SKIP_LOCKED) petitions_signature;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0032_tries_of_codes_in_buckets")]

    operations = [migrations.RunSQL(ANALYZE, "DROP FUNCTION petitions_analyze_signatures()")]
