import django.contrib.postgres.fields
from django.db import migrations, models

CHANNELS = [
    ("senate_api", "Senate API"),
    ("email", "e-mail"),
    ("contact_form", "contact form, by the constituent"),
    ("print", "print and post"),
    ("sandbox", "sandbox (rehearsal: nothing is sent)"),
]


class Migration(migrations.Migration):
    dependencies = [("letters", "0010_constituent_of_person")]

    operations = [
        migrations.AlterField(
            model_name="office",
            name="channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=CHANNELS, max_length=20),
                blank=True,
                default=list,
                help_text="In order of preference, separated by commas, out of: senate_api, email, contact_form, print, sandbox. Empty: this order.",
                verbose_name="channels",
            ),
        ),
    ]
