from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages and news")

    def ready(self) -> None:
        # Permissions exist only after Django's own receiver has made them; nothing else tells of that moment.
        post_migrate.connect(grant_roles, sender=self)


def grant_roles(**kwargs: object) -> None:
    import_string("pages.roles.grant")()


class StaffConfig(admin.SimpleAdminConfig):
    """Django's admin with the first page and the order of pages/staff_site.py. What it shows is loaded with the site's
    addresses, by whom they are needed."""

    default = False  # of this module
    default_site = "pages.staff_site.StaffSite"
