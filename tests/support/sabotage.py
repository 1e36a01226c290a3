"""Deliberate harmful changes that the tests must detect: `make sabotage`.

Each row is one change that could hurt a person. It is applied in a copy, where the named tests must
fail; on the unchanged code they must pass. `tests/support/test_sabotage.py` checks that every row
still matches the code.
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
    """One change: the old code, the new code, and the tests that must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: str


SABOTAGES = (
    Sabotage(
        "accept unsigned requests",
        "rights_line/channels/_twilio.py",
        " or not self._is_signed(request):",
        " or False:",
        "tests/channels/test_twilio_sms.py",
    ),
    Sabotage(
        "trust the Host header",
        "rights_line/channels/_twilio.py",
        "address = self.public_url + target",
        "address = request.url",
        "tests/channels/test_twilio_sms.py",
    ),
    Sabotage(
        "accept a repeated field",
        "rights_line/channels/_twilio.py",
        "len(form.getlist(name)) != 1",
        "not form.getlist(name)",
        "tests/channels/test_twilio_sms.py",
    ),
    Sabotage(
        "accept requests to an unsigned channel without its token",
        "rights_line/channels/_path_token.py",
        "if not any(same):",
        "if False:",
        "tests/channels",
    ),
    Sabotage(
        "store tags without a TTL",
        "rights_line/sessions/redis_store.py",
        "client.set(key, tag, ex=TAG_TTL)",
        "client.set(key, tag)",
        "tests/sessions/test_stores.py",
    ),
    Sabotage(
        "answer in a stale language",
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
        "rights_line/sessions/__init__.py",
        'hmac.digest(secret, message, "sha256")[:16].hex()',
        '__import__("hashlib").sha256(message).hexdigest()[:32]',
        "tests/sessions/test_stores.py",
    ),
    Sabotage(
        "let redis-py retry for seconds",
        "rights_line/sessions/redis_client.py",
        '"retry": Retry(NoBackoff(), 0),',
        "",
        "tests/sessions/test_stores.py",
    ),
    Sabotage(
        "log the sender",
        "rights_line/web/webhooks.py",
        'event_log.log_event("inbound", name, outcome,',
        'event_log.log_event("inbound", name, outcome + incoming.form.get("From", ""),',
        "tests/web/test_app.py",
    ),
    Sabotage(
        "log the message of an exception",
        "rights_line/event_log.py",
        "return type(error).__name__",
        "return repr(error)",
        "tests/web/test_app.py",
    ),
    Sabotage(
        "use gunicorn's own logger",
        "gunicorn.conf.py",
        'logger_class = "rights_line.web.server_log.ServerLog"',
        "",
        "tests/system/test_canary.py",
    ),
    Sabotage(
        "send no fallback response",
        "rights_line/web/webhooks.py",
        "return last_resort.response(), event_log.class_name(error)",
        "return Response(status=500), event_log.class_name(error)",
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
        "take 112 out of the fallback response",
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
        "echo the text of the sender",
        "rights_line/core/conversation.py",
        "return Reply(library.start if has_memory else library.start_stateless), after",
        "return Reply(f'{inbound.text}\\n{library.start}'), after",
        "tests/core/test_conversation.py",
    ),
    Sabotage(
        "reply to automated senders",
        "rights_line/core/conversation.py",
        "if not inbound.is_person:",
        "if False:",
        "tests/core/test_conversation.py",
    ),
    Sabotage(
        "raise the limit of a sender",
        "rights_line/core/rate_limit.py",
        "Charge(Count.SENDER, 0, SENDER_LIMIT, 1)",
        "Charge(Count.SENDER, 0, 10 * SENDER_LIMIT, 1)",
        "tests/core/test_rate_limit.py tests/sessions/test_rate_limiter.py",
    ),
    Sabotage(
        "do not reply to an emergency beyond the limit",
        "rights_line/web/webhooks.py",
        " and is_emergency(message.text, session.tag, library):",
        " and False:",
        "tests/sessions/test_rate_limiter.py",
    ),
    Sabotage(
        "raise the limit of emergency replies",
        "rights_line/core/emergencies.py",
        "    if sender_count < EMERGENCY_LIMIT:",
        "    if sender_count < 10 * EMERGENCY_LIMIT:",
        "tests/core/test_rate_limit.py tests/sessions/test_rate_limiter.py",
    ),
    Sabotage(
        "show the caller's number to a helpline",
        "rights_line/channels/twilio_voice.py",
        "caller_id=self._shown, ",
        "",
        "tests/channels/test_twilio_voice.py",
    ),
    Sabotage(
        "accept a truncated body",
        "rights_line/web/request_body.py",
        "if length not in (None, len(body)):",
        "if False:",
        "tests/system/test_raw_bytes.py",
    ),
    Sabotage(
        "stop without draining",
        "rights_line/web/draining.py",
        "wait = max(0, self.cfg.graceful_timeout - _REST)",
        "wait = 0",
        "tests/system/test_restart.py",
    ),
    Sabotage(
        "allow core dumps",
        "rights_line/web/process.py",
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
        "resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))",
        "tests/system/test_process_memory.py",
    ),
    Sabotage(
        "wait for a client without a deadline",
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
    """Return the output of the tests that fail for a sabotage; empty if all pass."""
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
    """Try all, or the named ones; return how many the tests do not detect."""
    rows = [row for row in SABOTAGES if row.name in names or not names]
    everything = " ".join(dict.fromkeys(" ".join(row.tests for row in rows).split()))
    if output := red(rows[0]._replace(new=rows[0].old, tests=everything)):
        print(f"{output}\nThe tests fail on the unchanged code, so that the result means nothing.")
        return 1
    survived = 0
    for sabotage in rows:
        noticed = bool(red(sabotage))
        survived += not noticed
        print("red   " if noticed else "GREEN ", sabotage.name, flush=True)
    return survived


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
