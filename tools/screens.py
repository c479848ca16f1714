"""Which screens there are to take pictures of: the address of each, who opens it, and what is pressed before."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture. address: {names} are filled with what the demo city holds. who: a person of the demo, "" a stranger.

    ready: selector that is there once the page is drawn. press: what is clicked one after the other; "+Key" is a key,
    "keyboard words" is typed, "focus selector" gives it the keys, "?selector" is clicked only where it is seen,
    "redrawn" waits for the map, "at 0.5 0.5" is a click on the map at that share of it. settle_ms: for maps to draw.
    status: what the server answers. dark: taken in the dark as well.
    """

    name: str
    address: str
    who: str = "officer"
    ready: str = ""
    press: tuple[str, ...] = ()
    settle_ms: int = 0
    status: int = 200
    dark: bool = False


_MAP_MS: Final = 1_200
_COUNT, _DESK, _FIELD = "/campaigns/{campaign}", "/cameras/{camera}", "/field/"

SCREENS: Final = (
    # Signing in
    Screen("sign-in", "/sign-in/", "", dark=True),
    Screen("sign-in-code", "/sign-in/code/", "half"),
    Screen("sign-in-off", "/sign-in/off/", ""),
    Screen("sign-in-failed", "/sign-in/failed/", "", status=401),
    Screen("sign-in-cancelled", "/sign-in/cancelled/", ""),
    Screen("password-lost", "/password/lost/", ""),
    Screen("password-lost-sent", "/password/lost/sent/", ""),
    Screen("password-new", "/password/new/{reset}/", ""),
    Screen("password-new-too-old", "/password/new/1-none/", ""),
    Screen("password-set", "/password/set/", ""),
    Screen("invitation", "/invitation/{invitation}/", ""),
    Screen("invitation-too-old", "/invitation/none/", "", status=404),
    # The own account
    Screen("me", "/me/"),
    Screen("me-with-factor", "/me/", "admin"),
    Screen("me-password", "/me/password/"),
    Screen("me-tokens", "/me/tokens/"),
    Screen("me-address", "/me/address/{confirmation}/"),
    Screen("me-again", "/me/again/", "admin"),
    Screen("me-again-code", "/me/again/code/", "admin"),
    Screen("me-again-key", "/me/again/key/", "admin"),
    Screen("factors", "/me/second-factor/", "admin"),
    Screen("factors-none", "/me/second-factor/"),
    Screen("factor-app", "/me/second-factor/app/"),
    Screen("factor-app-remove", "/me/second-factor/app/remove/", "admin"),
    Screen("factor-key-add", "/me/second-factor/keys/add/", "admin"),
    Screen("factor-key-name", "/me/second-factor/keys/{key}/name/", "admin"),
    Screen("factor-key-remove", "/me/second-factor/keys/{key}/remove/", "admin"),
    Screen("factor-codes", "/me/second-factor/codes/", "admin"),
    Screen("factor-codes-new", "/me/second-factor/codes/new/", "admin"),
    Screen("menu", "/me/", press=("?.navbar-toggler", "#person")),
    Screen("menu-administrator", "/people/", "admin", press=("?.navbar-toggler", "#person")),
    # People
    Screen("people", "/people/", "admin"),
    Screen("people-invite", "/people/invite/", "admin"),
    Screen("person", "/people/clerk/", "admin"),
    Screen("person-invited", "/people/newcomer/", "admin"),
    # Campaign
    Screen("campaigns", "/campaigns/"),
    Screen("campaign", _COUNT + "/", ready="#discrepancies-body a", dark=True),
    Screen("campaign-of-clerk", _COUNT + "/", "clerk", ready="#discrepancies-body a"),
    Screen("campaign-open", "/open-campaign/"),
    Screen("campaign-edit", _COUNT + "/edit/"),
    Screen("campaign-asked", _COUNT + "/asked/"),
    Screen("campaign-remind", _COUNT + "/remind/?owner={late}"),
    Screen("rows", _COUNT + "/rows/?in_all=1"),
    Screen("rows-broken", _COUNT + "/rows/?in_all=1&category=broken"),
    Screen("rows-waiting", _COUNT + "/rows/?in_all=1&category=waiting"),
    Screen("discrepancies", _COUNT + "/discrepancies/"),
    Screen("discrepancies-of-fields", _COUNT + "/discrepancies/?kind=mismatch"),
    Screen("discrepancies-settled", _COUNT + "/discrepancies/?state=resolved"),
    Screen("discrepancy", _COUNT + "/discrepancies/{kind}/{disputed}/?field={field}"),
    Screen("documents", _COUNT + "/documents/"),
    Screen("document-shown", _COUNT + "/documents/uk/{paper}/look/", settle_ms=_MAP_MS),
    Screen("freeze", _COUNT + "/freeze/"),
    # Lists
    Screen("lists", _COUNT + "/lists/", dark=True),
    Screen("lists-of-clerk", _COUNT + "/lists/", "clerk"),
    Screen("upload", "/lists/desk/{upload}/"),
    Screen("list", "/lists/{list}/"),
    Screen("list-broken-rows", "/lists/{list}/?rows=broken"),
    Screen("list-doubtful-rows", "/lists/{list}/?rows=doubtful"),
    Screen("list-newer", "/lists/{newer}/"),
    # Cameras
    Screen("cameras", "/cameras/", dark=True),
    Screen("cameras-filtered", "/cameras/?kind=dome&sort=owner"),
    Screen("cameras-none", "/cameras/?text=qqqqqq"),
    Screen("camera", _DESK + "/", ready="[data-drawn]", settle_ms=_MAP_MS, dark=True),
    Screen("camera-sources", _DESK + "/", ready="[data-drawn]", press=("#sources summary",), settle_ms=_MAP_MS),
    Screen("camera-of-clerk", "/cameras/{own}/", "clerk", ready="[data-drawn]", settle_ms=_MAP_MS),
    Screen("camera-edit", _DESK + "/edit/"),
    Screen("camera-new", "/cameras/new/"),
    Screen("camera-secrets", "/cameras/{secret}/secrets/", "admin"),
    # Map, search, coverage
    Screen("map", "/map/", ready="#map[data-marks]", settle_ms=_MAP_MS, dark=True),
    Screen("map-near", "/map/{near}", ready="#map[data-marks]", settle_ms=_MAP_MS, dark=True),
    Screen("map-area", "/map/?area={area}", ready="#map-panel-body .code", settle_ms=_MAP_MS),
    Screen("coverage", "/coverage/", ready="#map[data-drawn]", settle_ms=_MAP_MS, dark=True),
    Screen("coverage-near", "/coverage/", ready="#map[data-drawn]",
           press=("label.coverage-cameras", "focus #map canvas", *("+Equal",) * 5, "redrawn"),
           settle_ms=_MAP_MS),
    Screen("coverage-overlap", "/coverage/", ready="#map[data-drawn]", press=("label[for=layer-overlap]",),
           settle_ms=_MAP_MS),
    Screen("coverage-blind", "/coverage/", ready="#map[data-drawn]", press=("label[for=layer-blind]",),
           settle_ms=_MAP_MS, dark=True),
    Screen("coverage-place", "/coverage/", ready="#map[data-drawn]", press=("at 0.42 0.5",), settle_ms=_MAP_MS),
    Screen("coverage-table", "/coverage/tables/failures/"),
    Screen("search", "/search/?text={street}"),
    Screen("search-empty", "/search/"),
    Screen("palette", "/cameras/", ready="#content", press=("+Control+k", "keyboard {street}"), settle_ms=600,
           dark=True),
    # Review
    Screen("review", "/review/", ready="#review-question form", settle_ms=_MAP_MS, dark=True),
    Screen("review-keys", "/review/", press=("[data-review-help]",), ready="#review-question form"),
    Screen("review-decided", "/review/decided/"),
    # The journal
    Screen("audit", "/audit/", "auditor", dark=True),
    Screen("audit-unusual", "/audit/unusual/", "auditor"),
    Screen("audit-entry", "/audit/{entry}/", "auditor"),
    # Checks on site
    Screen("rounds", "/rounds/"),
    Screen("round", "/rounds/{round}/"),
    Screen("rounds-met", "/rounds/met/"),
    Screen("field-check", "/rounds/checks/{check}/"),
    Screen("field", _FIELD, "walker", ready=".stop", dark=True),
    Screen("field-map", _FIELD, "walker", ready=".stop", press=("#as-map",), settle_ms=_MAP_MS),
    Screen("field-answer", _FIELD, "walker", ready=".stop", press=(".stop",)),
    Screen("field-different", _FIELD, "walker", ready=".stop",
           press=(".stop", "label.different", "#place-map"), settle_ms=_MAP_MS),
    Screen("field-scan", _FIELD, "walker", ready=".stop", press=("#to-scan",)),
    Screen("field-met", _FIELD, "walker", ready=".stop", press=("#to-new",), settle_ms=_MAP_MS),
    Screen("field-sent", _FIELD, "walker", ready=".stop", press=("#state",)),
    Screen("field-menu", _FIELD, "walker", ready=".stop", press=(".field-menu summary",)),
    Screen("field-nothing", _FIELD, "clerk", ready="#empty-title"),
    # Programs, refusals
    Screen("api", "/api/v1/reference"),
    Screen("not-there", "/nothing/", status=404),
    Screen("not-yours", "/people/", "clerk", status=403),
)  # fmt: skip

# Named routes that no picture is taken of, and why.
NOT_SCREENS: Final = {
    "home": "leads to the newest campaign",
    "documents": "leads to the newest campaign",
    "lists-newest": "leads to the newest campaign",
    "language": "changes the language",
    "signout": "signs out",
    "account_logout": "signs out",
    "account_login": "another name of the sign-in",
    "account_set_password": "another name of the own account",
    "mfa_list_webauthn": "another name of the second factors",
    "openid_connect_login": "leads to another server",
    "openid_connect_callback": "comes back from another server",
    "end-sessions": "changes something",
    "own-address": "changes something",
    "token-revoke": "changes something",
    "camera-undo": "changes something",
    "camera-attachments": "changes something",
    "camera-attachment-remove": "changes something",
    "camera-attachment-restore": "changes something",
    "coverage-incidents": "changes something",
    "review-answer": "changes something",
    "review-undo": "changes something",
    "field-checks": "changes something",
    "camera-alike": "a piece of camera-new",
    "camera-part": "changes something",
    "camera-panel": "a piece of the map",
    "coverage-place": "a piece of the coverage",
    "map-place": "a piece of the map",
    "map-list": "a piece of the map",
    "review-next": "a piece of the review",
    "job": "a piece of the pages that wait for it",
    "job-events": "a stream",
    "case-file": "a file",
    "document": "a file",
    "list-broken": "a file",
    "camera-export": "a file",
    "camera-labels": "a file",
    "camera-attachment": "a file",
    "passport-pdf": "a file",
    "audit-export": "a file",
    "audit-proof": "a file",
    "coverage-csv": "a file",
    "field-photo": "a file",
    "field-worker": "a script",
    "field-manifest": "a file",
    "field-day": "for the program on the phone",
    "map-base": "a base map",
    "map-ground": "a tile",
    "map-tile": "a tile",
    "coverage-tile": "a tile",
}
