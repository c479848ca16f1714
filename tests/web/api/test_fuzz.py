"""A short run of the fuzzing: benchmarks/fuzz.py does the long one."""

import pytest
from benchmarks import fuzz, fuzz_town

REQUESTS = 1_500


@pytest.fixture
def town(db, data_dir, settings):
    """Two organisations, one of which is foreign to most who ask; nothing is slowed down."""
    settings.OBLIK_LIMITS = False
    return fuzz_town.build(data_dir, seed=1)


@pytest.mark.slow
def test_random_requests_break_nothing_and_bring_out_no_foreign_word(town):
    found = fuzz.run(town, requests=REQUESTS, seed=1, restored=fuzz.forget_everything)
    assert found.is_clean, "\n".join([*found.broken, *found.leaks, *found.unlike])
    assert found.requests >= REQUESTS
    assert {200, 201, 302, 401, 403, 404, 405, 422} <= set(found.statuses)
    assert len(found.addresses) > 50


def test_a_planted_leak_a_crash_and_an_answer_unlike_the_document_are_found(town, monkeypatch):
    run = fuzz.Fuzz(town, seed=1)
    clerk = next(one for one in town.callers if one.name == "clerk's token")
    officer = next(one for one in town.callers if one.name == "officer's token")
    run.ask(fuzz.Asked("GET", "/api/v1/cameras"), clerk)
    run.ask(fuzz.Asked("GET", "/api/v1/cameras"), officer)
    assert run.found.is_clean
    foreign = sorted(town.foreign)[0]
    run.ask(fuzz.Asked("GET", f"/api/v1/cameras/{foreign}"), clerk)
    assert run.found.is_clean  # their own word comes back to them: no leak
    everywhere = fuzz_town.Caller("clerk's token", officer.headers, False)
    run.ask(fuzz.Asked("GET", "/api/v1/cameras", "limit=100"), everywhere)
    assert len(run.found.leaks) == 1

    def crash(*_args, **_more):
        raise RuntimeError("planted")

    monkeypatch.setattr("oblik.registry.queries.cameras_after", crash)
    run.ask(fuzz.Asked("GET", "/api/v1/cameras"), officer)
    assert "planted" in run.found.broken[0]
    case = fuzz.api_cases(each=1, seed=1)["me"][0]
    response, _ = run.ask(fuzz.Asked("GET", "/api/v1/me"), officer)
    assert not fuzz.conforms(case, response, response.content)
    assert fuzz.conforms(case, response, b'{"username": 1}')
