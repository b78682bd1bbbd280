"""The URLs of the site. English has no prefix, other languages /<language>/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from campaign.observability import health, metrics
from campaign.supporters.provider_reports.webhook import mail_events
from campaign.web import security_txt

handler400 = "campaign.web.errors.bad_request"
handler500 = "campaign.web.errors.server_error"

admin.autodiscover()

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("mail/events/", mail_events),
    path(security_txt.PATH, security_txt.security_txt),
    path("admin/", admin.site.urls),
    path("media/", include("pages.media.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/mail/", include("campaign.mail.demo_urls"))]
if settings.DEBUG:
    urlpatterns += [path("style/", include("campaign.web.style_page"))]

urlpatterns += i18n_patterns(
    path("petitions/", include("petitions.urls")),
    path("letters/", include("letters.urls")),
    path("newsletter/", include("campaign.supporters.urls")),
    path("", include("pages.urls")),
    prefix_default_language=False,
)
