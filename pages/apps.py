from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages and news"

    def ready(self) -> None:
        from campaign.revisions.history import content_saved  # noqa: PLC0415  # models can be imported from now on
        from pages.models import NewsItem  # noqa: PLC0415
        from pages.news import search  # noqa: PLC0415

        content_saved.connect(search.index_saved, sender=NewsItem)
