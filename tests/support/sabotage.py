"""What somebody might do to the line, and must not get past the tests: `make sabotage`.

Each row is one deliberate change that could hurt a person. It is made in a copy, and the tests that
are named must turn red there, but not where nothing is changed. `tests/support/test_sabotage.py` sees to it
that every row still fits the code.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
LIMIT = 1800  # seconds that the tests of one row may take
COPIED = (
    *("rights_line", "content", "locales", "tests", "deploy", "bench"),
    *("app.py", "gunicorn.conf.py", "pyproject.toml"),
)


class Sabotage(NamedTuple):
    """One change: what stands there, what is put in its place, and who must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: str


SABOTAGES = (
    Sabotage(
        "take what nobody signed",
        "rights_line/channels/_twilio.py",
        " or not self._is_signed(request):",
        " or False:",
        "tests/channels/test_twilio_sms.py",
    ),
    Sabotage(
        "believe the host that a request names",
        "rights_line/channels/_twilio.py",
        "address = self.public_url + target",
        "address = request.url",
        "tests/channels/test_twilio_sms.py",
    ),
    Sabotage(
        "let a field be there twice",
        "rights_line/channels/_twilio.py",
        "len(form.getlist(name)) != 1",
        "not form.getlist(name)",
        "tests/channels/test_twilio_sms.py",
    ),
    Sabotage(
        "open a gateway that does not sign to everybody",
        "rights_line/channels/_path_token.py",
        "if not any(same):",
        "if False:",
        "tests/channels",
    ),
    Sabotage(
        "keep tags for ever",
        "rights_line/sessions/redis_store.py",
        "client.set(key, tag, ex=LIFETIME)",
        "client.set(key, tag)",
        "tests/sessions/test_stores.py",
    ),
    Sabotage(
        "answer in the language that she left",
        "rights_line/sessions/redis_store.py",
        "key in self._stale or ",
        "",
        "tests/sessions/test_failures.py",
    ),
    Sabotage(
        "never change the salt",
        "rights_line/sessions/redis_store.py",
        "client.set(SALT_KEY, made, ex=SALT_LIFETIME, nx=True, get=True)",
        "client.set(SALT_KEY, made, nx=True, get=True)",
        "tests/sessions/test_stores.py",
    ),
    Sabotage(
        "a plain hash for a pseudonym",
        "rights_line/sessions/kept.py",
        'hmac.digest(secret, message, "sha256")[:16].hex()',
        '__import__("hashlib").sha256(message).hexdigest()[:32]',
        "tests/sessions/test_stores.py",
    ),
    Sabotage(
        "let redis-py try again for seconds",
        "rights_line/sessions/redis_client.py",
        '"retry": Retry(NoBackoff(), 0),',
        "",
        "tests/sessions/test_stores.py",
    ),
    Sabotage(
        "log the sender",
        "rights_line/web/webhooks.py",
        'logs.event("inbound", name, outcome,',
        'logs.event("inbound", name, outcome + incoming.form.get("From", ""),',
        "tests/web/test_app.py",
    ),
    Sabotage(
        "log what an exception says",
        "rights_line/event_log.py",
        "return type(error).__name__",
        "return repr(error)",
        "tests/web/test_app.py",
    ),
    Sabotage(
        "let gunicorn log what it likes",
        "gunicorn.conf.py",
        'logger_class = "rights_line.web.server_log.ServerLog"',
        "",
        "tests/system/test_canary.py",
    ),
    Sabotage(
        "be silent when something breaks",
        "rights_line/web/webhooks.py",
        "return last_resort.response(), logs.class_name(error)",
        "return Response(status=500), logs.class_name(error)",
        "tests/web/test_app.py",
    ),
    Sabotage(
        "swap a digit of 112",
        "content/contacts.yaml",
        '  number: "112"\n',
        '  number: "121"\n',
        "tests/content/test_guide.py tests/core/test_conversation.py",
    ),
    Sabotage(
        "swap two digits of ROSA's number",
        "content/contacts.yaml",
        '  number: "22 33 11 60"\n',
        '  number: "22 33 11 06"\n',
        "tests/content/test_guide.py tests/core/test_conversation.py",
    ),
    Sabotage(
        "take 112 out of the last resort",
        "content/phrases.yaml",
        'fixed: "Norge/Norway: call/ring {police} (fare, danger). ',
        'fixed: "Norge/Norway: ',
        "tests/web/test_startup.py tests/content/test_broken_files.py",
    ),
    Sabotage(
        "serve drafts as if they were approved",
        "rights_line/content/approval_rule.py",
        "return reviews[tag].is_complete and reviews[SOURCE].is_complete",
        "return True",
        "tests/content/test_translations.py tests/content/test_approval_rule.py",
    ),
    Sabotage(
        "echo what was written",
        "rights_line/core/conversation.py",
        "return Reply(library.start if has_memory else library.start_stateless), next_tag",
        "return Reply(f'{inbound.text}\\n{library.start}'), next_tag",
        "tests/core/test_conversation.py",
    ),
    Sabotage(
        "answer other machines",
        "rights_line/core/conversation.py",
        "if not inbound.is_person:",
        "if False:",
        "tests/core/test_conversation.py",
    ),
    Sabotage(
        "let a loop run",
        "rights_line/core/rate_limit.py",
        "Charge(Count.SENDER, 0, SENDER_LIMIT, 1)",
        "Charge(Count.SENDER, 0, 10 * SENDER_LIMIT, 1)",
        "tests/core/test_rate_limit.py tests/sessions/test_rate_limiter.py",
    ),
    Sabotage(
        "be silent in an emergency, once too much was sent",
        "rights_line/web/webhooks.py",
        " and is_emergency(message.text, session.tag, library):",
        " and False:",
        "tests/sessions/test_rate_limiter.py",
    ),
    Sabotage(
        "let a loop run that speaks of danger",
        "rights_line/core/emergencies.py",
        "    if sender_count < EMERGENCY_LIMIT:",
        "    if sender_count < 10 * EMERGENCY_LIMIT:",
        "tests/core/test_rate_limit.py tests/sessions/test_rate_limiter.py",
    ),
    Sabotage(
        "show a helpline her number",
        "rights_line/channels/twilio_voice.py",
        "caller_id=self._shown, ",
        "",
        "tests/channels/test_twilio_voice.py",
    ),
    Sabotage(
        "take what was cut off for a shorter message",
        "rights_line/web/request_body.py",
        "if length not in (None, len(body)):",
        "if False:",
        "tests/system/test_raw_bytes.py",
    ),
    Sabotage(
        "stop listening at once",
        "rights_line/web/draining.py",
        "wait = max(0, self.cfg.graceful_timeout - _REST)",
        "wait = 0",
        "tests/system/test_restart.py",
    ),
    Sabotage(
        "let a crash write down what is in memory",
        "rights_line/web/process.py",
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
        "resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))",
        "tests/system/test_process_memory.py",
    ),
    Sabotage(
        "wait for a client as long as it likes",
        "rights_line/web/patience.py",
        "left = self._end - time.monotonic()",
        "left = 9999.0",
        "tests/system/test_raw_bytes.py",
    ),
)


def copied(folder: Path) -> Path:
    """Return a copy of the repository in a folder."""
    copy = folder / "line"
    copy.mkdir()
    for name in COPIED:
        made = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        made(ROOT / name, copy / name)
    return copy


def red(sabotage: Sabotage) -> str:
    """Return what the tests say that notice a sabotage, in a copy of the repository, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        file = copy / sabotage.file
        file.write_text(file.read_text("utf-8").replace(sabotage.old, sabotage.new), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", *sabotage.tests.split()],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
    return done.stdout[-3000:] if done.returncode == 1 else ""


def main(*names: str) -> int:
    """Try each, or those that are named; return how many the tests let through."""
    rows = [row for row in SABOTAGES if row.name in names or not names]
    everything = " ".join(dict.fromkeys(" ".join(row.tests for row in rows).split()))
    if output := red(rows[0]._replace(new=rows[0].old, tests=everything)):
        print(f"{output}\nThe tests are red where nothing is changed: this shows nothing.")
        return 1
    survived = 0
    for sabotage in rows:
        noticed = bool(red(sabotage))
        survived += not noticed
        print("red   " if noticed else "GREEN ", sabotage.name, flush=True)
    return survived


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
