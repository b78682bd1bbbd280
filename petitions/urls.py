from django.urls import path

from petitions import signer_views, views

app_name = "petitions"

urlpatterns = [
    path("", views.petition_list, name="list"),
    path("confirm/<str:token>/", signer_views.confirm, name="confirm"),
    path("not-me/done/", signer_views.not_me_done, name="not-me-done"),
    path("not-me/<str:token>/", signer_views.not_me, name="not-me"),
    path("<slug:slug>/", views.petition_page, name="petition"),
    path("<slug:slug>/check-email/", signer_views.check_email, name="check-email"),
    path("<slug:slug>/code/", signer_views.confirm_by_code, name="code"),
    path("<slug:slug>/thanks/", views.thanks, name="thanks"),
    path("<slug:slug>/statistics/", views.statistics_page, name="statistics"),
    path("<slug:slug>/statistics.csv", views.statistics_csv, name="statistics-csv"),
    path("<slug:slug>/statistics.json", views.statistics_json, name="statistics-json"),
    path("<slug:slug>/count.json", views.count, name="count"),
]
