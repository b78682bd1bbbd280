from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "campaign.staff"
    label = "staff"
    verbose_name = "Staff"
