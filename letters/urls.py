from django.urls import path

from letters import hand_views, sharing_views, statistics_views, tracking_views, views

app_name = "letters"

urlpatterns = [
    path("", views.campaign_list, name="list"),
    path("confirm/<str:token>/", tracking_views.confirm, name="confirm"),
    path("track/<str:token>/", tracking_views.track, name="track"),
    path("track/<str:token>/withdraw/<str:delivery_id>/", tracking_views.withdraw, name="withdraw"),
    path("track/<str:token>/mail-again/", tracking_views.mail_again, name="mail-again"),
    path("mine/<str:token>/", hand_views.mine, name="mine"),
    path("mine/<str:token>/erase/", hand_views.erase, name="erase"),
    path("mine/<str:token>/<str:delivery_id>/", hand_views.by_hand, name="by-hand"),
    path("mine/<str:token>/<str:delivery_id>/letter.pdf", hand_views.paper, name="paper"),
    path("mine/<str:token>/<str:delivery_id>/sent/", hand_views.sent, name="sent"),
    path("<slug:slug>/", views.campaign_page, name="campaign"),
    path("<slug:slug>/letters/", views.letters, name="letters"),
    path("<slug:slug>/preview/", views.preview, name="preview"),
    path("<slug:slug>/submit/", views.submit, name="submit"),
    path("<slug:slug>/statistics/", statistics_views.page, name="statistics"),
    path("<slug:slug>/statistics.csv", statistics_views.as_csv, name="statistics-csv"),
    path("<slug:slug>/statistics.json", statistics_views.as_json, name="statistics-json"),
    path("<slug:slug>/picture.png", sharing_views.picture, name="picture"),
    path("<slug:slug>/qr.svg", sharing_views.code, name="qr"),
    path("<slug:slug>/check-email/", views.check_email, name="check-email"),
]
