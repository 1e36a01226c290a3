"""GET /healthz: the status of the line, and the problems that an operator should fix."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rights_line.content import ContentSources
from rights_line.core.library import Library
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.ops import doctor
from rights_line.sessions import SessionStore
from rights_line.sessions.memory import MemorySessionStore
from rights_line.web.app import build_app, create_app, start_app
from rights_line.web.health import Health
from rights_line.web.process import DRAINING
from tests.support import twilio_phone
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cli import run
from tests.support.clock import TUESDAY
from tests.support.folders import CATALOG, REVIEW, change, put, swap
from tests.support.redis_line import sessions_at
from tests.support.servers import RedisServer, free_port
from tests.support.worlds import texts_at

SMS_ENVIRON = {**twilio_phone.ENVIRON, "CHANNELS": "twilio_sms"}


def client(library: Library, sessions: SessionStore, facts: Health) -> FlaskClient:
    """Return a client of a line with these facts, on a Tuesday in November."""
    return build_app({}, library, sessions, lambda: facts.report(sessions, TUESDAY)).test_client()


VERIFIED, DUE = date(2026, 11, 24), date(2027, 2, 22)


@pytest.fixture
def facts(small_sources: ContentSources) -> Health:
    """Facts without a problem."""
    contacts = (small_sources.content.contacts[name] for name in ("police", "rosa"))
    dated = (replace(one, verified_on=VERIFIED, verify_by=DUE) for one in contacts)
    return Health({"en": "approved"}, tuple(dated))


def json(answer: TestResponse) -> dict[str, Any]:
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    return dict(answer.json)


def problems(client: FlaskClient) -> list[str]:
    """Return the problems of a line, without overdue contacts, which depend on the date."""
    found = json(client.get("/healthz"))["problems"]
    return [line for line in found if not line.startswith("content/contacts.yaml")]


def test_health_without_problems_is_ok(small_library: Library, facts: Health) -> None:
    browser = client(small_library, MemorySessionStore(), facts)
    expected = {
        **{"status": "ok", "problems": [], "waiting": [], "redis": "memory", "texts": {}},
        "languages": {"en": "approved"},
        "contacts_verified_days_ago": 0,
        "contacts_overdue": False,
    }
    for query in ("", "?strict", "?strict=1"):
        answer = browser.get(f"/healthz{query}")
        assert (answer.status_code, json(answer)) == (200, expected)


@pytest.mark.parametrize("found", [(), ("Zz: zz.",)], ids=["no problem", "one problem"])
@pytest.mark.parametrize("is_draining", [False, True], ids=["serving", "draining"])
def test_health_draining_or_strict_with_problem_returns_503(
    small_library: Library, facts: Health, found: tuple[str, ...], is_draining: bool
) -> None:
    """A load balancer removes a draining line; a monitor uses `?strict` and alerts the operator."""
    facts = Health(facts.languages, facts.contacts, found)
    browser = client(small_library, MemorySessionStore(), facts)
    environ = {DRAINING: is_draining}

    answer = browser.get("/healthz", environ_overrides=environ)
    strict = browser.get("/healthz?strict", environ_overrides=environ)

    status = "draining" if is_draining else "degraded" if found else "ok"
    assert (json(answer)["status"], json(answer)["problems"]) == (status, [*found])
    assert json(answer) == json(strict)
    assert answer.status_code == (503 if is_draining else 200)
    assert strict.status_code == (503 if is_draining or found else 200)


def test_health_redis_down_is_degraded(
    small_library: Library, facts: Health, redis: RedisServer
) -> None:
    """The line can answer without Redis, so the status is 200."""
    for url, state in ((redis.url, "up"), (f"redis://127.0.0.1:{free_port()}/0", "down")):
        sessions = sessions_at(url)

        answer = client(small_library, sessions, facts).get("/healthz")

        report = json(answer)
        assert (answer.status_code, report["redis"]) == (200, state)
        assert report["status"] == ("ok" if state == "up" else "degraded")
        assert len(report["problems"]) == (state == "down")
        assert "Redis" in "".join(report["problems"]) or state == "up"


@pytest.mark.parametrize(
    ("now", "overdue", "days"),
    [
        (datetime(2027, 2, 22, 22, 59, tzinfo=UTC), False, 90),
        (datetime(2027, 2, 22, 23, 0, tzinfo=UTC), True, 91),
    ],
    ids=["minute before midnight", "midnight"],
)
def test_health_contact_overdue_in_oslo_is_degraded(
    facts: Health, now: datetime, overdue: bool, days: int
) -> None:
    """The date is that of the injected clock, in Norway."""
    report = facts.report(MemorySessionStore(), now)

    assert report["contacts_overdue"] == overdue
    assert report["contacts_verified_days_ago"] == days
    assert report["status"] == ("degraded" if overdue else "ok")
    assert all("overdue since 2027-02-22: police, rosa" in line for line in report["problems"])
    assert len(report["problems"]) == overdue


@pytest.fixture
def approved(small_folder: Path) -> Path:
    """The small content, in which every language is approved."""
    approve_as(small_folder, *ENGLISH, *POLISH, ("ar", "native_reader"))
    return small_folder


def test_health_start_and_check_count_the_texts_that_a_cut_catalog_lacks(
    small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It waits: the status is as before, and so is the exit code of the check."""
    before = run("check", where=small_folder).returncode
    whole = (small_folder / CATALOG).read_text(encoding="utf-8")
    change(small_folder, CATALOG, put(whole[: whole.rindex("\n\n", 0, len(whole) // 2)]))
    total = len(ContentSources(small_folder).texts)
    missing = total - (small_folder / CATALOG).read_text(encoding="utf-8").count("\nmsgctxt ")
    line = (
        f"pl: {missing} of {total} untranslated. Translate them (docs/publishing.md); "
        "until then English is sent."
    )

    environ = texts_at(small_folder, {**SMS_ENVIRON, "RIGHTS_LINE_SERVE": "drafts"})
    app = create_app(environ)
    report = json(app.test_client().get("/healthz"))
    start_app(environ)
    checked = run("check", where=small_folder)

    assert 0 < missing < total
    assert line in report["waiting"]
    assert not any("untranslated" in problem for problem in report["problems"])
    assert f"rights-line: {line}\n" in capsys.readouterr().err
    assert line in checked.stdout
    assert checked.returncode == before


def test_line_without_its_sentence_model_answers_by_rules_and_says_so(small_folder: Path) -> None:
    model = small_folder / "content" / "sentence_model.onnx"
    model.with_suffix(".sha256").write_text(f"{'0' * 64}  {model.name}\n")
    app = create_app(texts_at(small_folder, twilio_phone.ENVIRON))
    library, report = app.extensions["library"], app.extensions["health"]()
    assert report["status"] == "degraded"
    [problem] = [text for text in report["problems"] if "sentence_model" in text]
    assert problem.startswith(
        "The line answers by rules alone, because content/sentence_model.onnx"
    )
    assert interpret_to_intent("nie dostałem wypłaty od maja", None, library) == ShowScreen(
        "pl", "4"
    )


def test_health_start_and_doctor_name_screens_that_lost_their_approval(approved: Path) -> None:
    """The language is still offered, in part."""
    change(approved, CATALOG, swap('^(msgstr "Praca i płaca: zad)z', r"\1zz"))
    app = create_app(texts_at(approved, SMS_ENVIRON))
    (problem,) = problems(app.test_client())
    count = len(ContentSources(approved).tree.strings)
    assert problem == (
        f"language pl: sends 1 of {count} screens in English, or as the helplines, until they are "
        "read again: 4. Run: rights-line status pl."
    )
    states = json(app.test_client().get("/healthz"))["languages"]
    assert states == {"ar": "approved", "en": "approved", "pl": "partial"}
    found = doctor.run(texts_at(approved, {**SMS_ENVIRON, "RIGHTS_LINE_SERVE": "approved"}))
    assert problem in "\n".join(map(str, found.problems))
    assert "the core is approved, other screens are not: pl" in "\n".join(map(str, found.manual))


def test_health_and_doctor_name_a_damaged_review_file(approved: Path) -> None:
    """The line starts; that language is sent as one that is not approved."""
    whole = (approved / REVIEW).read_text("utf-8")
    change(approved, REVIEW, put(whole[: whole.rindex(", by: ")]))  # within a row

    app = create_app(texts_at(approved, SMS_ENVIRON))

    named = [line for line in problems(app.test_client()) if "locales/pl/review.yaml:" in line]
    assert len(named) == 1
    states = json(app.test_client().get("/healthz"))["languages"]
    assert states == {"en": "approved", "pl": "draft", "ar": "approved"}
    assert named[0] in map(str, doctor.run(texts_at(approved, SMS_ENVIRON)).problems)


def test_health_nothing_approved_is_degraded(small_folder: Path) -> None:
    """Otherwise a monitor could not tell that every reply is three numbers."""
    environ = {**SMS_ENVIRON, "RIGHTS_LINE_SERVE": "approved"}
    (problem,) = problems(create_app(texts_at(small_folder, environ)).test_client())
    assert problem.startswith("languages: must be approved, got none")
    drafts = create_app(texts_at(small_folder, {**environ, "RIGHTS_LINE_SERVE": "drafts"}))
    assert problems(drafts.test_client()) == []
