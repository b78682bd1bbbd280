from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import import_string

from campaign.translation import for_staff_lazy


class LettersConfig(AppConfig):
    name = "letters"
    verbose_name = for_staff_lazy("Letters")

    def ready(self) -> None:
        checks.register(check_settings)


def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    return list(import_string("letters.delivery.system_checks.faults")())
