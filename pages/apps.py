from django.apps import AppConfig

from campaign.translation import for_staff_lazy


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = for_staff_lazy("Pages and news")

    def ready(self) -> None:
        from campaign.revisions.history import content_saved  # noqa: PLC0415  # models can be imported from now on
        from campaign.staff.editing.text_checks import CHECKS  # noqa: PLC0415
        from pages.content import checks  # noqa: PLC0415
        from pages.search import indexing  # noqa: PLC0415

        CHECKS.append(checks.remarks)
        content_saved.connect(indexing.index_saved)
