from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "campaign.outbox"
    label = "outbox"
    verbose_name = "Outbox"
