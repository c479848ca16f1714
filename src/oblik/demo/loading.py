"""Loads the demo city through the same actions as real data, and can be stopped and repeated at any point."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.base.errors import Conflict
from oblik.city import actions as city_actions
from oblik.coverage import actions as coverage
from oblik.coverage import surveying
from oblik.demo.city import DemoCity, DemoFile
from oblik.intake.actions import lists, matching
from oblik.inventory import actions as inventory
from oblik.inventory import queries as inventory_queries
from oblik.registry import actions as registry

Progress = Callable[[str, str, float], None]  # what is worked on, step, share done

# Known to everybody: the demo city is invented and its server listens on this machine alone.
PASSWORD: Final = "oblik-demo-2025"
PEOPLE: Final = (
    ("admin", "administrator", "", "Адміністратор"),
    ("officer", "officer", "", "Олена Прикладна"),
    ("clerk", "clerk", "EDU", "Тарас Вигаданий"),
    ("auditor", "auditor", "", "Ірина Зразкова"),
)
_COMMISSION: Final = (
    ("chair", "Прикладна О. О.", "заступник директора департаменту"),
    ("member", "Зразкова І. І.", "головний спеціаліст"),
    ("member", "Умовний М. М.", "інженер"),
    ("secretary", "Вигаданий Т. Т.", "діловод"),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the demo holds now."""

    files: int
    records: int
    runs: tuple[matching.RunSummary, ...]
    documents: tuple[Path, ...]


def load(city: DemoCity, *, by: Actor, at: datetime, progress: Progress) -> Loaded:
    """Owners, campaign, tables, lists, matching, an owner's newer list, matching again, what is seen, documents.

    Repeats nothing.
    """
    _add_people()
    _open(city, by=by, at=at)
    progress("Streets and addresses", "reading", 0.0)
    city_actions.load_files([*city.tables, city.map], by=by, at=at)
    records = _add_lists(city, city.files, by=by, at=at, progress=progress)
    runs = [_match(city, by=by, at=at, progress=progress)]
    if city.updates:
        records += _add_lists(city, city.updates, by=by, at=at, progress=progress)
        runs.append(_match(city, by=by, at=at, progress=progress))
    coverage.update(by=by, at=at, report=partial(progress, "What cameras see"))
    surveying.renew(by=by, at=at, report=partial(progress, "Sums of what is seen"))
    progress("Documents", "documents", 0.0)
    folder = inventory_queries.documents_folder(city.campaign.code, language="uk")
    papers = inventory.write_documents(city.campaign.code, directory=folder, language="uk", by=by, at=at)
    return Loaded(len(city.files) + len(city.updates), records, tuple(runs), tuple(papers))


def _add_people() -> None:
    for username, role, owner, name in PEOPLE:
        try:
            accounts.add_person(username, role=role, password=PASSWORD, owner_code=owner, name=name)
        except Conflict:
            continue  # Loaded before.


def _open(city: DemoCity, *, by: Actor, at: datetime) -> None:
    for owner in city.owners:
        try:
            registry.add_owner(owner.code, name=owner.name, kind=owner.kind, by=by, at=at)
        except Conflict:
            continue  # Loaded before.
    campaign = city.campaign
    try:
        inventory.open_campaign(
            campaign.code,
            name=campaign.name,
            since=campaign.since,
            until=campaign.until,
            by=by,
            at=at,
            order_ref="№ 1-д від 25.08.2025",
            scope="усі камери відеоспостереження міста",
        )
    except Conflict:
        return  # Loaded before, commission and all.
    for role, name, post in _COMMISSION:
        inventory.add_member(campaign.code, name=name, role=role, post=post, by=by, at=at)


def _add_lists(city: DemoCity, files: Sequence[DemoFile], *, by: Actor, at: datetime, progress: Progress) -> int:
    records = 0
    for file in files:

        def report(step: str, share: float, name: str = file.path.name) -> None:
            progress(name, step, share)

        got = lists.add_list(file.path, owner=file.owner, campaign=city.campaign.code, by=by, at=at, progress=report)
        records += got.records
    return records


def _match(city: DemoCity, *, by: Actor, at: datetime, progress: Progress) -> matching.RunSummary:
    return matching.run_matching(
        city.campaign.code, by=by, at=at, progress=lambda step, share: progress("Matching", step, share)
    )
