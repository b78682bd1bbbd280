from django.db import migrations


class Migration(migrations.Migration):
    """Tries of codes are counted in leaky buckets. The column stays for the old code, and goes with the next release."""

    dependencies = [("petitions", "0031_refused_words_kept_for_a_week")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE petitions_signature ALTER COLUMN code_tries SET DEFAULT 0",
                    "ALTER TABLE petitions_signature ALTER COLUMN code_tries DROP DEFAULT",
                )
            ],
            state_operations=[migrations.RemoveField("signature", "code_tries")],
        )
    ]
