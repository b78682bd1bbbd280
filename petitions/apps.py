from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = for_staff_lazy("Petitions")
