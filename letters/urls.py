from django.urls import path

from letters.public.sharing import code, picture
from letters.public.views import (
    board_page,
    campaign_list,
    letter_statistics_csv,
    letter_statistics_json,
    letter_statistics_page,
)
from letters.succession.views import to_successor
from letters.tracking.by_hand import by_hand, erase, own_letters, paper, sent
from letters.tracking.views import confirm, mail_again, track, withdraw
from letters.wizard.views import campaign_page, check_email, letters, preview, submit

app_name = "letters"

urlpatterns = [
    path("", campaign_list, name="list"),
    path("confirm/<str:token>/", confirm, name="confirm"),
    path("track/<str:token>/", track, name="track"),
    path("track/<str:token>/withdraw/<str:delivery_id>/", withdraw, name="withdraw"),
    path("track/<str:token>/mail-again/", mail_again, name="mail-again"),
    path("mine/<str:token>/", own_letters, name="mine"),
    path("mine/<str:token>/erase/", erase, name="erase"),
    path("mine/<str:token>/<str:delivery_id>/", by_hand, name="by-hand"),
    path("mine/<str:token>/<str:delivery_id>/letter.pdf", paper, name="paper"),
    path("mine/<str:token>/<str:delivery_id>/sent/", sent, name="sent"),
    path("mine/<str:token>/<str:delivery_id>/to-successor/", to_successor, name="to-successor"),
    path("<slug:slug>/", campaign_page, name="campaign"),
    path("<slug:slug>/letters/", letters, name="letters"),
    path("<slug:slug>/preview/", preview, name="preview"),
    path("<slug:slug>/submit/", submit, name="submit"),
    path("<slug:slug>/statistics/", letter_statistics_page, name="statistics"),
    path("<slug:slug>/answers/", board_page, name="board"),
    path("<slug:slug>/statistics.csv", letter_statistics_csv, name="statistics-csv"),
    path("<slug:slug>/statistics.json", letter_statistics_json, name="statistics-json"),
    path("<slug:slug>/picture.png", picture, name="picture"),
    path("<slug:slug>/qr.svg", code, name="qr"),
    path("<slug:slug>/check-email/", check_email, name="check-email"),
]
