from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "campaign.journal"
    label = "journal"
    verbose_name = "Journal"
