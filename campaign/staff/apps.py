from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class StaffConfig(AppConfig):
    name = "campaign.staff"
    label = "staff"
    verbose_name = for_staff_lazy("Staff")
