"""What is printed together is a run; each letter has its number in it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0019_mail_that_came_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='print_number',
            field=models.IntegerField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='PrintRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letter_count', models.PositiveIntegerField(verbose_name='letters')),
                ('printed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='printed at')),
                ('printed_by', models.CharField(max_length=150, verbose_name='printed by')),
                ('posted_at', models.DateTimeField(blank=True, null=True, verbose_name='posted at')),
                ('posted_by', models.CharField(blank=True, max_length=150, verbose_name='posted by')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone at')),
                ('undone_by', models.CharField(blank=True, max_length=150, verbose_name='undone by')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='letters.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'print run',
                'verbose_name_plural': 'print runs',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='print_run',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='letters.printrun', verbose_name='print run'),
        ),
        migrations.AddConstraint(
            model_name='printrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('posted_at__isnull', True), ('posted_by', '')), models.Q(('posted_at__isnull', False), models.Q(('posted_by', ''), _negated=True)), _connector='OR'), name='printrun_posted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='printrun',
            constraint=models.CheckConstraint(condition=models.Q(('posted_at__isnull', True), ('undone_at__isnull', True), _connector='OR'), name='printrun_is_posted_or_undone'),
        ),
    ]
