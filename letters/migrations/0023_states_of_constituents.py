"""Constituents may live where nobody is a senator's constituent. Rows that are there are looked through in 0024."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0022_recipient_lists")]

    operations = [
        migrations.RemoveConstraint(
            model_name='constituent',
            name='constituent_state_has_senators',
        ),
        AddConstraintNotValid(
            model_name='constituent',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['', 'AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DE', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN', 'IA', 'KS', 'KY', 'LA', 'ME', 'MD', 'MA', 'MI', 'MN', 'MS', 'MO', 'MT', 'NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'OH', 'OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VT', 'VA', 'WA', 'WV', 'WI', 'WY', 'DC', 'AS', 'GU', 'MP', 'PR', 'VI'])), name='constituent_state_is_a_state'),
        ),
    ]
