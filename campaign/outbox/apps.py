from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class OutboxConfig(AppConfig):
    name = "campaign.outbox"
    label = "outbox"
    verbose_name = for_staff_lazy("Outbox")
