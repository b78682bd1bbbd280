from django.urls import path

from campaign.outbox import demo

app_name = "demo"

urlpatterns = [
    path("", demo.mailbox, name="mailbox"),
    path("<str:name>", demo.message, name="message"),
]
