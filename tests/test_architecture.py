"""Who may import whom (design section 5), read from the source of every module."""

import ast
import sys
from collections.abc import Iterator, Set
from fnmatch import fnmatch
from importlib.util import resolve_name

import pytest

from rights_line.web.startup import ROOT

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in [ROOT / "app.py", ROOT / "gunicorn.conf.py", *(ROOT / "rights_line").rglob("*.py")]
}
# What reaches the world: a person's data goes through it, or a deployment is read from it.
OUTER = {
    *("web", "sessions", "logs", "startup", "cli", "commands", "chat", "doctor", "doctor_redis"),
    *("doctor_address", "doctor_contacts", "doctor_gateways", "doctor_server", "doctor_shown"),
    *("doctor_twilio", "purge", "drill"),
    *("channels", "pages", "last_resort", "draining", "patience", "unnamed"),
    *("inbound", "bodies", "headers", "health", "process", "server_log"),
}
# All else of ours: from the files to the library, and what is asked of them.
INNER = {name for name in FILES if name.split(".")[1:2] and name.split(".")[1] not in OUTER}

STANDARD = sys.stdlib_module_names - {"os", "posix", "importlib", "pkgutil"}
# Files, clocks, chance, sockets, other processes: nothing of it in the core.
PURE = STANDARD - {
    *("io", "pathlib", "shutil", "tempfile", "glob", "sys", "logging", "pickle", "sqlite3"),
    *("time", "random", "secrets", "uuid", "socket", "http", "urllib", "asyncio", "subprocess"),
    *("threading", "multiprocessing", "signal", "builtins", "ctypes"),
}
OF_TEXT = {"gsm0338", "icu4py", "rapidfuzz", "regex"}
IMPURE_NAMES = {"now", "utcnow", "today", "open", "print", "input", "eval", "exec", "__import__"}
OWN = "the SDK that a gateway's file is named after"

# module -> what it may import; of patterns that fit, the first counts
MAY: dict[str, Set[str]] = {
    "app": {"os", "sys", "rights_line.errors", "rights_line.web.startup"},
    "gunicorn.conf": {"rights_line.web.process", "gc", "pathlib", "typing"},
    "rights_line": set(),
    "rights_line.errors": PURE,
    "rights_line.core*": {"rights_line.core*", *OF_TEXT, *PURE},
    "rights_line.formats": {"rights_line.errors", "urllib", *PURE},
    "rights_line.settings": {
        *("rights_line.errors", "rights_line.formats", "rights_line.core*", "urllib"),
        *PURE,
    },
    "rights_line.event_log": {"os", *STANDARD},
    "rights_line.web.server_log": {"rights_line.event_log", "gunicorn", "os", *STANDARD},
    "rights_line.web.process": {"os", *STANDARD},
    "rights_line.sessions*": {
        *(
            "rights_line.core*",
            "rights_line.sessions*",
            "rights_line.event_log",
            "redis",
            *STANDARD,
        ),
    },
    "rights_line.channels": {
        *("rights_line.core*", "rights_line.errors", "rights_line.formats", "werkzeug"),
        *("rights_line.variables", "importlib", "pkgutil", *STANDARD),
    },
    "rights_line.channels.*": {
        *("rights_line.core*", "rights_line.errors", "rights_line.channels", "werkzeug", OWN),
        *("rights_line.channels._*", "rights_line.formats", *STANDARD),
    },
    "rights_line.web.pages*": {
        *("rights_line.web.pages*", "rights_line.event_log", "flask", "jinja2", "werkzeug"),
        *("segno", "weasyprint"),
        *(INNER | STANDARD),
    },
    "rights_line.web.unnamed": {"rights_line.web.security_headers", "gunicorn", *STANDARD},
    "rights_line.web.draining": {
        *(
            "rights_line.web.patience",
            "rights_line.web.process",
            "rights_line.web.unnamed",
            "gunicorn",
        ),
        *STANDARD,
    },
    "rights_line.web.patience": {"gunicorn", *STANDARD},
    "rights_line.web.fallback": {"rights_line.event_log", "werkzeug", *STANDARD},
    "rights_line.web.security_headers": {"werkzeug", *STANDARD},
    "rights_line.web.request_body": {"rights_line.errors", "werkzeug", *STANDARD},
    "rights_line.web.webhooks": {
        *(
            "rights_line.web.request_body",
            "rights_line.web.security_headers",
            "rights_line.web.fallback",
        ),
        *("rights_line.event_log", "rights_line.sessions", "rights_line.channels", "werkzeug"),
        *(INNER | STANDARD),
    },
    "rights_line.web.app": {
        *(
            "rights_line.web.request_body",
            "rights_line.web.security_headers",
            "rights_line.web.fallback",
        ),
        *("rights_line.web.webhooks", "rights_line.web.process", "rights_line.sessions"),
        *("rights_line.channels", "flask", "werkzeug"),
        *(INNER | STANDARD),
    },
    "rights_line.web.health": {
        *("rights_line.sessions", "rights_line.web.app", *INNER, *STANDARD),
    },
    "rights_line.web.startup": {
        *(
            "rights_line.sessions.redis_url",
            "rights_line.ops.doctor.published_numbers",
            "rights_line.web.health",
        ),
        "rights_line.web.security_headers",
        *("rights_line.web.app", "rights_line.sessions", "rights_line.channels", "flask"),
        "rights_line.web.pages*",
        *(INNER | STANDARD),
    },
    "rights_line.cli": {"rights_line.*", "os", *STANDARD},
    "rights_line.commands*": {"rights_line.*", *STANDARD},
    "rights_line.cli.chat": {"rights_line.core*", "rights_line.content.clock", *STANDARD},
    "rights_line.ops.twilio_api": {
        *("rights_line.errors", "rights_line.formats", "twilio", "requests", *STANDARD),
    },
    "rights_line.ops.purge": {"rights_line.ops.twilio_api", *STANDARD},
    "rights_line.ops.doctor.report": {"rights_line.errors", *STANDARD},
    "rights_line.sessions.redis_url": {"rights_line.errors", *STANDARD},
    "rights_line.ops.doctor.redis_server": {
        *("rights_line.ops.doctor.report", "rights_line.errors", "redis", *STANDARD),
    },
    "rights_line.ops.doctor.redis_settings": {
        *(
            "rights_line.sessions.redis_url",
            "rights_line.ops.doctor.redis_server",
            "rights_line.ops.doctor.report",
        ),
        "rights_line.sessions",
        *("rights_line.errors", "redis", *STANDARD),
    },
    "rights_line.ops.doctor.twilio_account": {"rights_line.ops.twilio_api", *STANDARD},
    "rights_line.ops.doctor.twilio_routes": {"rights_line.ops.doctor.twilio_account", *STANDARD},
    "rights_line.ops.doctor.published_numbers": {
        "rights_line.ops.doctor.report",
        "rights_line.errors",
        *STANDARD,
    },
    "rights_line.ops.doctor.twilio_settings": {
        "rights_line.ops.doctor.published_numbers",
        *(
            "rights_line.ops.doctor.twilio_account",
            "rights_line.ops.doctor.twilio_routes",
            "rights_line.ops.doctor.report",
        ),
        "rights_line.ops.twilio_api",
        *("rights_line.errors", *STANDARD),
    },
    "rights_line.ops.doctor.contacts": {*INNER, *STANDARD},
    "rights_line.ops.doctor.channels": {
        *("rights_line.channels", "rights_line.ops.doctor.report", "rights_line.errors", *STANDARD),
    },
    "rights_line.ops.doctor": {
        *(
            "rights_line.ops.doctor.redis_settings",
            "rights_line.ops.doctor.twilio_settings",
            "rights_line.ops.doctor.published_numbers",
        ),
        *("rights_line.ops.doctor.contacts", "rights_line.ops.doctor.channels"),
        *("rights_line.ops.twilio_api", "rights_line.web.health", "rights_line.sessions"),
        "rights_line.web.app",
        *("rights_line.web.startup", "rights_line.channels", *INNER, *STANDARD),
    },
    "rights_line.ops.data_request": {
        *("rights_line.sessions", "rights_line.settings", "rights_line.errors", "redis"),
        *STANDARD,
    },
    "rights_line.*": {"yaml", "babel", "holidays", "rapidfuzz", *INNER, *STANDARD},
}


def breaches(module: str, source: str) -> Iterator[str]:
    """Yield what a module imports, or (in the core) uses, and may not."""
    may = next(allowed for pattern, allowed in MAY.items() if fnmatch(module, pattern))
    own = module.rpartition(".")[2].removeprefix("_").partition("_")[0]
    tree = ast.parse(source)
    for name in imported(module, tree):
        allowed = name in may or any(fnmatch(name, pattern) for pattern in may if "*" in pattern)
        if not allowed and not (OWN in may and name == own):
            yield name
    if fnmatch(module, "rights_line.core*"):
        yield from used(tree) & IMPURE_NAMES


def imported(module: str, tree: ast.Module) -> Iterator[str]:
    """Yield the modules that are imported, wherever it stands: of others, their first names."""
    package = module if FILES.get(module, ROOT).stem == "__init__" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            known = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
            yield next((name for name in known if name in FILES), parts[0])


def used(tree: ast.Module) -> set[str]:
    """Return the names that are read, alone or of something."""
    nodes = list(ast.walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.func.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


@pytest.mark.parametrize("module", FILES)
def test_a_module_imports_what_it_may(module: str) -> None:
    """Every module that there is keeps to the table."""
    assert list(breaches(module, FILES[module].read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("module", "source", "breach"),
    [
        ("core.intents", "import os", "os"),
        ("core.intents", "def f():\n    from os import environ", "os"),
        ("core.intents", "import logging", "logging"),
        ("core.intents", "from pathlib import Path", "pathlib"),
        ("core.hours", "import time", "time"),
        ("core.hours", "from datetime import datetime\ndatetime.now()", "now"),
        ("core.hours", "import datetime as dt\nclock = dt.date.today", "today"),
        ("core.hours", "open('file')", "open"),
        ("core.hours", "import importlib", "importlib"),
        ("core.library", "import rights_line.sessions", "rights_line.sessions"),
        ("core.library", "from rights_line import content", "rights_line.content.source"),
        ("core.library", "from ..errors import Fault", "rights_line.errors"),
        ("core", "from ..settings import Serve", "rights_line.settings"),
        *(("core.sms", f"import {name}", name) for name in ("flask", "redis", "yaml", "babel")),
        ("channels.twilio_sms", "from rights_line.channels import try_it", "try_it"),
        ("channels.twilio_sms", "from .try_it import Gateway", "try_it"),
        ("channels.twilio_sms", "from flask import request", "flask"),
        ("channels.twilio_sms", "from rights_line.sessions import Sessions", "sessions"),
        ("channels.twilio_sms", "from rights_line.settings import Settings", "settings"),
        ("channels.try_it", "import twilio", "twilio"),
        ("channels.try_it", "import os", "os"),
        ("sessions", "from rights_line.settings import Settings", "settings"),
        ("sessions", "import flask", "flask"),
        ("settings", "import os", "os"),
        ("web", "import os", "os"),
        ("web", "from rights_line.web.startup import ROOT", "startup"),
        ("web", "import redis", "redis"),
        ("inbound", "from flask import request", "flask"),
        ("inbound", "from rights_line.web.app import OSLO", "web"),
        ("startup", "import os", "os"),
        ("startup", "from rights_line.cli import main", "cli"),
        *(
            ("content", f"import rights_line.{name}", name)
            for name in ("web", "sessions", "channels", "channels.twilio_sms", "logs", "startup")
        ),
        *(("schema", f"import {name}", name) for name in ("flask", "redis", "os", "werkzeug")),
        ("anything_new", "from rights_line.web.app import build_app", "web"),
    ],
)
def test_a_breach_is_caught(module: str, source: str, breach: str) -> None:
    """Each rule of the design, broken by one line."""
    assert [name.endswith(breach) for name in breaches(f"rights_line.{module}", source)] == [True]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core.intents", "import re\nfrom rights_line.core.understanding.normalise import clean"),
        ("core.hours", "from datetime import time\ndef f(now): return now.time()"),
        ("core", "from .sms import count"),
        ("channels.try_it", "from rights_line.channels import missing"),
        ("channels.africastalking_ussd", "import africastalking\nfrom werkzeug import Response"),
        ("sessions", "import redis, time\nfrom redis.retry import Retry"),
        ("content", "import yaml\nfrom rights_line.content.yaml_file import read"),
        ("cli", "import os\nfrom rights_line.web.startup import ROOT"),
    ],
)
def test_what_is_allowed_is_no_breach(module: str, source: str) -> None:
    """The rules refuse nothing that the design allows."""
    assert list(breaches(f"rights_line.{module}", source)) == []
