from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('petitions', '0038_settlement'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='rekeying',
            index=models.Index(condition=models.Q(('digest__isnull', False), ('is_equal', False), ('settlement', '')), fields=['batch'], name='rekeying_differing'),
        ),
    ]
