from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.smallest.models import Mark


def mark(request: HttpRequest) -> HttpResponse:
    """Validates nothing and does one INSERT ... ON CONFLICT DO NOTHING."""
    Mark.objects.bulk_create([Mark(email=request.POST["email"])], ignore_conflicts=True)
    return HttpResponse(status=204)


urlpatterns = [path("", mark)]
