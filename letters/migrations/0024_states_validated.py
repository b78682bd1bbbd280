from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("letters", "0023_states_of_constituents")]

    operations = [
        ValidateConstraint(model_name="constituent", name="constituent_state_is_a_state"),
        ValidateConstraint(model_name="office", name="office_class_is_1_to_3"),
        ValidateConstraint(model_name="office", name="office_state_has_senators"),
    ]
