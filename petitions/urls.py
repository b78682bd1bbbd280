from django.urls import path, re_path

from petitions.data_requests.views import ask, asked, mine, mine_export, self_service_act
from petitions.public.sharing import card, code, picture
from petitions.public.views import count, petition_list, statistics_csv, statistics_json, statistics_page, thanks
from petitions.signing.views import check_email, confirm, confirm_by_code, not_me, not_me_done, petition_page

app_name = "petitions"

urlpatterns = [
    path("", petition_list, name="list"),
    path("confirm/<str:token>/", confirm, name="confirm"),
    path("not-me/done/", not_me_done, name="not-me-done"),
    path("not-me/<str:token>/", not_me, name="not-me"),
    path("mine/", ask, name="leaving"),
    path("mine/asked/", asked, name="leaving-asked"),
    path("mine/<str:token>/", mine, name="mine"),
    path("mine/<str:token>/export/", mine_export, name="mine-export"),
    re_path(
        r"^mine/(?P<token>[^/]+)/(?P<slug>[-\w]+)/(?P<name>withdraw|correct|forget|speak|hush)/$",
        self_service_act,
        name="mine-act",
    ),
    path("<slug:slug>/", petition_page, name="petition"),
    path("<slug:slug>/check-email/", check_email, name="check-email"),
    path("<slug:slug>/code/", confirm_by_code, name="code"),
    path("<slug:slug>/thanks/", thanks, name="thanks"),
    path("<slug:slug>/statistics/", statistics_page, name="statistics"),
    path("<slug:slug>/statistics.csv", statistics_csv, name="statistics-csv"),
    path("<slug:slug>/statistics.json", statistics_json, name="statistics-json"),
    path("<slug:slug>/card/", card, name="card"),
    path("<slug:slug>/picture.png", picture, name="picture"),
    path("<slug:slug>/qr.svg", code, name="qr"),
    path("<slug:slug>/count.json", count, name="count"),
]
