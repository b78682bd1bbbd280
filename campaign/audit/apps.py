from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class AuditConfig(AppConfig):
    name = "campaign.audit"
    label = "audit"
    verbose_name = for_staff_lazy("Audit")
