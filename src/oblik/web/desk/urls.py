"""Which page of the desk answers which address."""

from django.urls import path
from django.views.i18n import set_language

from oblik.web.desk import audit, basemap, camera_secrets, cameras, campaign, documents, ground, map, tiles, tokens

urlpatterns = [
    path("", campaign.newest, name="home"),
    path("language/", set_language, name="language"),
    path("campaigns/", campaign.every, name="campaigns"),
    path("campaigns/<str:code>/", campaign.figures, name="campaign"),
    path("campaigns/<str:code>/rows/", campaign.rows, name="campaign-rows"),
    path("campaigns/<str:code>/discrepancies/", campaign.discrepancies, name="campaign-discrepancies"),
    path("campaigns/<str:code>/documents/", documents.listed, name="documents-of"),
    path("campaigns/<str:code>/documents/<str:language>/<str:name>", documents.download, name="document"),
    path("documents/", documents.newest, name="documents"),
    path("cameras/", cameras.table, name="cameras"),
    path("cameras/<str:code>/", cameras.camera, name="camera"),
    path("cameras/<str:code>/secrets/", camera_secrets.camera_secrets, name="camera-secrets"),
    path("cameras/<str:code>/panel/", cameras.camera_panel, name="camera-panel"),
    path("me/tokens/", tokens.tokens_page, name="tokens"),
    path("me/tokens/<int:number>/revoke/", tokens.revoke, name="token-revoke"),
    path("audit/", audit.entries, name="audit"),
    path("audit/unusual/", audit.unusual, name="audit-unusual"),
    path("audit/journal.csv", audit.export, name="audit-export"),
    path("audit/<int:number>/", audit.entry, name="audit-entry"),
    path("audit/<int:number>/proof.json", audit.proof, name="audit-proof"),
    path("map/", map.map_page, name="map"),
    path("map/place/", map.place, name="map-place"),
    path("map/base.pmtiles", basemap.base_map, name="map-base"),
    path("map/ground/<int:zoom>/<int:x>/<int:y>.mvt", ground.ground_tile, name="map-ground"),
    path("map/tiles/<int:zoom>/<int:x>/<int:y>.mvt", tiles.tile, name="map-tile"),
]
