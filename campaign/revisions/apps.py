from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class RevisionsConfig(AppConfig):
    name = "campaign.revisions"
    label = "revisions"
    verbose_name = for_staff_lazy("Versions")
