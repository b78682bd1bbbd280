from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class SecrecyConfig(AppConfig):
    name = "campaign.secrecy"
    label = "secrecy"
    verbose_name = "Secrecy"

    def ready(self) -> None:
        """Have a period of each purpose opened by `migrate`, before the first process seals."""
        post_migrate.connect(import_string("campaign.secrecy.periods.rotation.open_missing"), sender=self)
