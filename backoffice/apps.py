from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from campaign.translation import for_staff_lazy


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = for_staff_lazy("Back office")

    def ready(self) -> None:
        # Django creates permissions in a receiver of this signal; roles can be granted only after that.
        post_migrate.connect(grant_roles, sender=self)


def grant_roles(**kwargs: object) -> None:
    import_string("backoffice.roles.grant")()


class StaffSiteConfig(admin.SimpleAdminConfig):
    """Django's admin with the dashboard and the order of backoffice/site.py.

    It does not discover admin modules at start-up; campaign/urls.py does, so only processes that need the URLs load
    them.
    """

    default = False  # BackofficeConfig is the one for this app
    default_site = "backoffice.site.StaffSite"
