from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0006_subject_index")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, unique=True, verbose_name="kind")),
                ("seconds", models.FloatField(verbose_name="seconds")),
            ],
            options={"verbose_name": "pace", "verbose_name_plural": "paces"},
        ),
    ]
