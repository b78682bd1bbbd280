from django.urls import path, re_path

from petitions import leaving_views, sharing_views, signer_views, views

app_name = "petitions"

urlpatterns = [
    path("", views.petition_list, name="list"),
    path("confirm/<str:token>/", signer_views.confirm, name="confirm"),
    path("not-me/done/", signer_views.not_me_done, name="not-me-done"),
    path("not-me/<str:token>/", signer_views.not_me, name="not-me"),
    path("mine/", leaving_views.ask, name="leaving"),
    path("mine/asked/", leaving_views.asked, name="leaving-asked"),
    path("mine/<str:token>/", leaving_views.mine, name="mine"),
    path("mine/<str:token>/export/", leaving_views.mine_export, name="mine-export"),
    re_path(
        r"^mine/(?P<token>[^/]+)/(?P<slug>[-\w]+)/(?P<name>withdraw|correct|forget|speak|hush)/$",
        leaving_views.act,
        name="mine-act",
    ),
    path("<slug:slug>/", views.petition_page, name="petition"),
    path("<slug:slug>/check-email/", signer_views.check_email, name="check-email"),
    path("<slug:slug>/code/", signer_views.confirm_by_code, name="code"),
    path("<slug:slug>/thanks/", views.thanks, name="thanks"),
    path("<slug:slug>/statistics/", views.statistics_page, name="statistics"),
    path("<slug:slug>/statistics.csv", views.statistics_csv, name="statistics-csv"),
    path("<slug:slug>/statistics.json", views.statistics_json, name="statistics-json"),
    path("<slug:slug>/card/", sharing_views.card, name="card"),
    path("<slug:slug>/picture.png", sharing_views.picture, name="picture"),
    path("<slug:slug>/qr.svg", sharing_views.code, name="qr"),
    path("<slug:slug>/count.json", views.count, name="count"),
]
