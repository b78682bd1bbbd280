"""Mounted at /newsletter/."""

from django.urls import path

from campaign.supporters import views

app_name = "supporters"
urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("check-email/", views.check_email, name="newsletter-check-email"),
    path("confirm/<str:token>/", views.confirm, name="newsletter-confirm"),
    path("thanks/", views.newsletter_thanks, name="newsletter-thanks"),
    path("leave/", views.ask_to_leave, name="newsletter-ask-to-leave"),
    path("leave/asked/", views.asked_to_leave, name="newsletter-asked-to-leave"),
    path("leave/<str:token>/", views.leave_page, name="newsletter-leave"),
    path("unsubscribe/<str:token>/", views.unsubscribe_page, name="newsletter-unsubscribe"),
]
