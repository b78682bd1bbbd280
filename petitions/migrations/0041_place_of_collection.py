from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0040_load_paperbatch"),
    ]

    operations = [
        migrations.AlterField(
            model_name="paperbatch",
            name="place",
            field=models.CharField(help_text="Where they were collected.", max_length=200, verbose_name="place of collection"),
        ),
    ]
