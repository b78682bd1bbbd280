from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """An app for its commands `backup` and `restore`."""

    name = "campaign.backups"
    label = "backups"
    verbose_name = "Backups"
