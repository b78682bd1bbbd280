"""Mounted at /newsletter/."""

from django.urls import path

from campaign.supporters import views

app_name = "supporters"
urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("check-email/", views.check_email, name="newsletter-check-email"),
    path("confirm/<str:token>/", views.confirm, name="newsletter-confirm"),
    path("thanks/", views.newsletter_thanks, name="newsletter-thanks"),
    path("unsubscribe/<str:token>/", views.unsubscribe_page, name="newsletter-unsubscribe"),
]
