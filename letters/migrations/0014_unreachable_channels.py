from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0013_help'),
    ]

    operations = [
        migrations.AddField(
            model_name='channelstatus',
            name='unreachable_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='not reached since'),
        ),
        migrations.AddField(
            model_name='channelstatus',
            name='unreachable_because',
            field=models.TextField(blank=True, db_default='', help_text='Empty: it was reached at the last try.', verbose_name='not reached because'),
        ),
        AddConstraintNotValid(
            model_name='channelstatus',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unreachable_at__isnull', True), ('unreachable_because', '')), models.Q(models.Q(('unreachable_because', ''), _negated=True), ('unreachable_at__isnull', False)), _connector='OR'), name='channel_unreachable_has_its_time'),
        ),
        ValidateConstraint(model_name='channelstatus', name='channel_unreachable_has_its_time'),
    ]
