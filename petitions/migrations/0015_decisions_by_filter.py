from django.db import migrations, models
from django.db.models import F, Q

TO_NEW_NAME = migrations.RenameField(model_name='signature', old_name='invalidation', new_name='decision')


class Migration(migrations.Migration):

    dependencies = [
        ('petitions', '0014_held_by_country_and_reason'),
    ]

    operations = [
        migrations.RenameModel('Invalidation', 'Decision'),
        migrations.AlterModelOptions(
            name='decision',
            options={'ordering': ['-pk'], 'verbose_name': 'decision by filter', 'verbose_name_plural': 'decisions by filter'},
        ),
        migrations.AddField(
            model_name='decision',
            name='act',
            field=models.CharField(choices=[('invalidate', 'invalidate: they do not count'), ('release', 'release: they count')], default='invalidate', max_length=10, verbose_name='what'),
        ),
        migrations.RemoveConstraint(model_name='decision', name='invalidation_state_known'),
        migrations.RemoveConstraint(model_name='decision', name='invalidation_days_in_order'),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=Q(('state__in', ['counting', 'ready', 'running', 'cancelled', 'done', 'undoing', 'undone'])), name='decision_state_known'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=Q(('signed_from__isnull', True), ('signed_until__isnull', True), ('signed_from__lte', F('signed_until')), _connector='OR'), name='decision_days_in_order', violation_error_message='The last day is before the first.'),
        ),
        migrations.SeparateDatabaseAndState(  # an index follows its column to the new name
            database_operations=[TO_NEW_NAME],
            state_operations=[
                migrations.RemoveIndex(model_name='signature', name='signature_of_job'),
                TO_NEW_NAME,
                migrations.AddIndex(
                    model_name='signature',
                    index=models.Index(condition=Q(('decision__isnull', False)), fields=['decision', 'id'], name='signature_of_job'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='signature',
            name='hold_reason',
            field=models.CharField(blank=True, choices=[('blocked', 'a blocked domain'), ('network', 'many from one network'), ('domain', 'many from one domain'), ('country', 'many from one country'), ('returned', 'its release was taken back')], help_text='Why a moderator must look at it.', max_length=8, verbose_name='held because of'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='hold_reason',
            field=models.CharField(blank=True, choices=[('blocked', 'a blocked domain'), ('network', 'many from one network'), ('domain', 'many from one domain'), ('country', 'many from one country'), ('returned', 'its release was taken back')], help_text='Only those that were held for this; empty for all.', max_length=8, verbose_name='held because of'),
        ),
    ]
