from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "campaign.audit"
    label = "audit"
    verbose_name = "Audit"
