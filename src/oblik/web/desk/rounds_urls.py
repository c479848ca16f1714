"""Which page of rounds on site answers which address."""

from django.urls import path

from oblik.web.desk import rounds

urlpatterns = [
    path("", rounds.every, name="rounds"),
    path("met/", rounds.met, name="rounds-met"),
    path("<int:number>/", rounds.one_round, name="round"),
    path("checks/<uuid:check>/", rounds.check, name="field-check"),
    path("checks/<uuid:check>/photos/<int:number>/", rounds.photo, name="field-photo"),
]
