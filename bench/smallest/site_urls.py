from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bench.smallest.urls import mark
from campaign import urls

urlpatterns = [path("smallest/", csrf_exempt(mark)), *urls.urlpatterns]
