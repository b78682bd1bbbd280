from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    """An app for its command `migrate`, which stands in for Django's."""

    name = "campaign.database"
    label = "database"
    verbose_name = "Database"
