from typing import ClassVar

from django.db import models


class Mark(models.Model):
    email = models.TextField(unique=True)

    objects: ClassVar[models.Manager["Mark"]] = models.Manager()
