"""All content is searched, not only the news. The table `pages_newstext` stays for the release before."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0016_old_addresses'),
    ]

    operations = [
        # Without it, news could be deleted by the release before only.
        migrations.AlterField(
            model_name='newstext',
            name='item',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.newsitem'),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='NewsText')]),
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('vector', django.contrib.postgres.search.SearchVectorField()),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='pages.newsitem')),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='pages.page')),
                ('audience', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='pages.audience')),
                ('action', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='pages.action')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='pages.timelineentry')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['vector'], name='search_text_vector')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('action__isnull', True), ('audience__isnull', True), ('entry__isnull', True), ('item__isnull', False), ('page__isnull', True)), models.Q(('action__isnull', True), ('audience__isnull', True), ('entry__isnull', True), ('item__isnull', True), ('page__isnull', False)), models.Q(('action__isnull', True), ('audience__isnull', False), ('entry__isnull', True), ('item__isnull', True), ('page__isnull', True)), models.Q(('action__isnull', False), ('audience__isnull', True), ('entry__isnull', True), ('item__isnull', True), ('page__isnull', True)), models.Q(('action__isnull', True), ('audience__isnull', True), ('entry__isnull', False), ('item__isnull', True), ('page__isnull', True)), _connector='OR'), name='search_text_of_one'),
                    models.UniqueConstraint(fields=('item', 'language'), name='search_text_item_once'),
                    models.UniqueConstraint(fields=('page', 'language'), name='search_text_page_once'),
                    models.UniqueConstraint(fields=('audience', 'language'), name='search_text_audience_once'),
                    models.UniqueConstraint(fields=('action', 'language'), name='search_text_action_once'),
                    models.UniqueConstraint(fields=('entry', 'language'), name='search_text_entry_once'),
                ],
            },
        ),
    ]
