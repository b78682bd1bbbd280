from django.apps import AppConfig


class SupportersConfig(AppConfig):
    name = "campaign.supporters"
    label = "supporters"
    verbose_name = "Supporters"
