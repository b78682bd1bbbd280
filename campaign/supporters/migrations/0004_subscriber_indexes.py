from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody waits while the rows are looked through

    dependencies = [("supporters", "0003_segments_imports_exports")]

    operations = [
        AddIndexConcurrently(
            model_name='subscriber',
            index=models.Index(condition=models.Q(('state', 'confirmed')), fields=['language', 'country', 'source'], name='subscriber_segment'),
        ),
        AddIndexConcurrently(
            model_name='subscriber',
            index=models.Index(condition=models.Q(('source__isnull', False)), fields=['source'], name='subscriber_source'),
        ),
        AddIndexConcurrently(
            model_name='subscriber',
            index=models.Index(condition=models.Q(('state', 'unsubscribed')), fields=['unsubscribed_at'], name='subscriber_left'),
        ),
    ]
