from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class SupportersConfig(AppConfig):
    name = "campaign.supporters"
    label = "supporters"
    verbose_name = for_staff_lazy("Supporters")
