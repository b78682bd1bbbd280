from typing import Any

from django.apps import AppConfig
from django.db.models import Model
from django.db.models.signals import pre_save

from campaign.protection.inputs.line_breaks import fold_fields
from campaign.translation import for_staff_lazy


class ProtectionConfig(AppConfig):
    name = "campaign.protection"
    label = "protection"
    verbose_name = for_staff_lazy("Protection")

    def ready(self) -> None:
        pre_save.connect(fold_what_is_saved, dispatch_uid="fold_what_is_saved")


def fold_what_is_saved(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Fold the texts of our own models before they are saved; nobody reads those of Django's apps."""
    if not sender.__module__.startswith("django."):
        fold_fields(instance)
