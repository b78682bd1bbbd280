from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class JournalConfig(AppConfig):
    name = "campaign.journal"
    label = "journal"
    verbose_name = for_staff_lazy("Journal")
