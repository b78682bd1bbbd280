from django.urls import path

from petitions import views

app_name = "petitions"

urlpatterns = [
    path("", views.petition_list, name="list"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("<slug:slug>/", views.petition_page, name="petition"),
    path("<slug:slug>/check-email/", views.check_email, name="check-email"),
    path("<slug:slug>/thanks/", views.thanks, name="thanks"),
    path("<slug:slug>/statistics/", views.statistics_page, name="statistics"),
    path("<slug:slug>/count.json", views.count, name="count"),
]
