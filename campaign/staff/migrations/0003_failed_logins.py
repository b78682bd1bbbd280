import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_former_contacts")]

    operations = [
        migrations.CreateModel(
            name="FailedLogins",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=20)),
                ("name", models.CharField(blank=True, max_length=150)),
                ("number", models.IntegerField(default=0)),
                ("unnoted", models.IntegerField(default=0)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("noted_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["act", "name"], name="failed_logins_once")],
            },
        ),
    ]
