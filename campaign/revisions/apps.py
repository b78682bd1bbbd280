from django.apps import AppConfig


class RevisionsConfig(AppConfig):
    name = "campaign.revisions"
    label = "revisions"
    verbose_name = "Versions"
