from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0032_answers_sealed_anew")]
    operations = [
        migrations.AlterField(
            model_name="office",
            name="is_senate_api_stopped",
            field=models.BooleanField(
                db_column="is_senate_api_stopped",
                default=False,
                help_text="The office asked for it: letters that wait go another way at once.",
                verbose_name="no letters by the Senate's or House's API",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField(
                    model_name="office", old_name="is_senate_api_stopped", new_name="is_congress_api_stopped"
                )
            ]
        ),  # the column keeps its name
    ]
