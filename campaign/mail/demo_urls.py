from django.urls import path

from campaign.mail import demo_mailbox

app_name = "demo"

urlpatterns = [
    path("", demo_mailbox.mailbox, name="mailbox"),
    path("<str:name>", demo_mailbox.message, name="message"),
]
