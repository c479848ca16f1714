"""Which door answers which address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("oblik.web.desk.urls")),
    path("", include("oblik.web.desk.signin_urls")),
    path("api/", include("oblik.web.api.urls")),
    path("field/", include("oblik.web.field.urls")),
    path("rounds/", include("oblik.web.desk.rounds_urls")),
]
