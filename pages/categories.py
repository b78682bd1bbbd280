"""The kinds of news. Apart from the model, whose other words only staff read, since visitors choose by them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    PRESS_RELEASE = "press-release", _("Press release")
    STATEMENT = "statement", _("Statement")
    ARTICLE = "article", _("Article")
