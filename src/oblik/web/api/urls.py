"""Where the API and the page that explains it answer."""

from django.urls import path

from oblik.web.api.api import api
from oblik.web.api.reference import reference

urlpatterns = [
    path("v1/reference", reference, name="api-reference"),
    path("v1/", api.urls),
]
