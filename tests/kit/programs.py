"""Programs that ask the API with a token."""

import json
from datetime import datetime, timedelta
from typing import Any

from oblik.accounts import tokens
from oblik.base.actors import Actor
from oblik.base.clock import now

BY = Actor("console", "test")
PASSWORD = "sorok-dvi-kamery-na-opori"


class Program:
    """A program that asks with a token, in JSON and English."""

    def __init__(self, client: Any, token: str) -> None:
        self.client, self.token = client, token

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **more}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self._headers(headers))

    def send(self, method: str, path: str, body: object, **headers: str) -> Any:
        return self.client.generic(
            method, f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=self._headers(headers)
        )

    def hand_in(self, fields: dict[str, object], **headers: str) -> Any:
        return self.client.post("/api/v1/submissions", fields, headers=self._headers(headers))


def issued(username: str, *, verbs: Any, days: int = 30, at: datetime | None = None, **more: Any) -> tokens.Issued:
    """A new token, issued a second ago unless told."""
    return tokens.issue_token(
        username, verbs=verbs, days=days, note="test", by=BY, at=at or now() - timedelta(seconds=1), **more
    )
