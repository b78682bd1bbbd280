from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supporters', '0004_subscriber_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='subscriberexport',
            name='definition',
            field=models.JSONField(editable=False, null=True),
        ),
    ]
