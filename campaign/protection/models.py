from django.contrib.postgres.fields import ArrayField
from django.db import models


class Allowance(models.Model):
    """What was granted lately under a keyed hash; forgotten a day after the last grant."""

    key = models.BinaryField(primary_key=True)
    granted_at = ArrayField(models.DateTimeField())
    forget_at = models.DateTimeField(db_index=True)
