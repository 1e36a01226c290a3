"""docs/deploy.md typed into a Debian with systemd: install, repair, upgrade, and the way back.

The commands come from the documents. `make deploy-test` makes an empty Debian in the folder
DEPLOY_BASE and runs this file (tests/support/machine.py).
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.support.machine import Machine, machine
from tests.support.release import Releases
from tests.support.servers import ROOT
from tests.support.tls import make_certificate
from tests.support.waiting import wait_until

# It needs root, a container with systemd, and the package registries from inside.
pytestmark = pytest.mark.skipif(
    "DEPLOY_BASE" not in os.environ, reason="`make deploy-test` runs it"
)

TOKEN = "c0ffee" + "5" * 26
HOST = "line.example.org"
REPOSITORY = "/srv/rights-line.git"
OWN = "/etc/rights-line/local/content/contacts.yaml"
TWILIO = "127.0.0.1:8888"


def commands(document: str, heading: str) -> str:
    """Return the indented commands below a heading, with the address of the test's repository."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    _, _, after = text.partition(f"\n## {heading}\n")
    section = after.partition("\n## ")[0]
    return "\n".join(re.findall("^    (.*)$", section, re.M)).replace("ADDRESS", REPOSITORY)


def steps(output: str) -> list[str]:
    """Return OK or FAIL for each step."""
    return re.findall("^.{60,} (OK|FAIL)$", output, re.M)


class Installed:
    """The machine, its releases, and the output of the installation."""

    def __init__(self, machine: Machine, releases: Releases) -> None:
        self.machine = machine
        self.releases = releases
        self.output = ""

    def type(self, command: str) -> str:
        """Run commands that must succeed, and return their output."""
        done = self.machine.run(f"set -e; {command}", TOKEN + "\n")
        assert done.returncode == 0, done.stdout[-2000:]
        return done.stdout

    def version(self) -> str:
        return self.type("basename $(readlink /opt/rights-line/current)").partition("-")[0]


def set_date(contact: str, day: str) -> tuple[str, str]:
    """Return pattern and replacement that set the day on which a contact was verified."""
    return rf"(^{contact}:.*?verified_on: )\d+-\d+-\d+", rf"\g<1>{day}"


@contextmanager
def prepared(folder: Path) -> Iterator[Installed]:
    """Run a machine with a certificate and a host name, and publish an older version."""
    (folder / "machine").mkdir(parents=True)
    make_certificate(folder, f"DNS:{HOST},DNS:api.twilio.com,DNS:messaging.twilio.com")
    with machine(folder / "machine") as made:
        place = made.root / f"etc/letsencrypt/live/{HOST}"
        place.mkdir(parents=True)
        shutil.copy(folder / "line.pem", place / "fullchain.pem")
        shutil.copy(folder / "line.key", place / "privkey.pem")
        shutil.copy(folder / "ca.pem", made.root / "usr/local/share/ca-certificates/test.crt")
        with (made.root / "etc/hosts").open("a") as hosts:
            hosts.write(f"127.0.0.1 {HOST}\n")
        line = Installed(made, Releases(folder / "releases", made.root / REPOSITORY[1:]))
        line.type("update-ca-certificates")
        line.releases.edit("content/contacts.yaml", *set_date("police", "2026-10-01"))
        line.releases.publish("0.1.0")
        yield line


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A line of an older version, installed as the document says, with a double of Twilio's API."""
    folder = tmp_path_factory.mktemp("deploy")
    with prepared(folder) as line:
        line.output = line.type(commands("deploy.md", "Install"))
        proxy = (sys.executable, "-m", "tests.support.twilio_proxy", str(folder), TWILIO[-4:])
        twilio = subprocess.Popen(line.machine.beside(*proxy), cwd=ROOT)
        try:
            yield line
        finally:
            twilio.terminate()
            twilio.wait()


def test_install_commands_of_document_end_with_running_line(installed: Installed) -> None:
    assert {*steps(installed.output)} == {"OK"}, installed.output
    assert f"a signed message through https://{HOST}" in installed.output
    assert "The line is running." in installed.output
    assert TOKEN not in installed.output + installed.type("cat /var/log/rights-line-install.log")


def test_doctor_of_installed_line_finds_no_problem(installed: Installed) -> None:
    """The account at Twilio is a double."""
    installed.type(
        f"cat >>/etc/rights-line/env <<'E'\nHTTPS_PROXY=http://{TWILIO}\n"
        "REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt\nE"
    )
    wait_until(lambda: ":8888" in installed.machine.run("ss -ltn").stdout, "Twilio")

    assert installed.type("rights-line doctor --quiet || :") == ""
    installed.type("systemctl start rights-line-doctor rights-line-purge")

    assert installed.type("systemctl --failed --plain --no-legend") == ""


def test_install_again_repairs_and_keeps_secrets_and_texts(installed: Installed) -> None:
    before = installed.type(f"cat /etc/rights-line/env /etc/redis/users.acl {OWN}")
    installed.type(
        "systemctl stop nginx redis-server rights-line.socket rights-line.service\n"
        "rm -r /etc/systemd/system/rights-line* /etc/nginx/sites-enabled/*\n"
        "rm /usr/local/sbin/rights-line\n"
        "rm -r /opt/rights-line/current/rights_line/core"
    )

    repaired = installed.type("cd rights-line; deploy/install </dev/null")

    assert "The line is running." in repaired
    assert installed.type(f"cat /etc/rights-line/env /etc/redis/users.acl {OWN}") == before


def test_upgrade_commands_of_document_keep_own_contacts(installed: Installed) -> None:
    """The date that the operator set stays, the one that upstream set comes; approvals stay."""
    installed.type("umask 077; rights-line approve en --role lawyer --by AB")
    review = installed.machine.root / "etc/rights-line/local/locales/en/review.yaml"
    approved = review.read_text("utf-8")
    own = installed.machine.root / OWN[1:]
    text = own.read_text("utf-8")
    today = str(date.today())
    edited = re.sub(*set_date("medical", today), text, count=1, flags=re.S | re.M)
    own.write_text(edited, "utf-8")
    installed.releases.edit("content/contacts.yaml", *set_date("police", "2026-11-01"))
    installed.releases.publish("0.1.1")

    output = installed.type(commands("operations.md", "Upgrade"))

    assert {*steps(output)} == {"OK"}, output
    assert installed.version() == "0.1.1"
    assert own.read_text("utf-8") == edited.replace("2026-10-01", "2026-11-01", 1)

    assert review.read_text("utf-8") == approved

    back = installed.type("rights-line/deploy/upgrade --rollback")

    assert {*steps(back)} == {"OK"}, back
    assert installed.version() == "0.1.0"
    assert review.read_text("utf-8") == approved
    # Neither date goes back.
    assert own.read_text("utf-8") == edited.replace("2026-10-01", "2026-11-01", 1)


def test_upgrade_to_version_that_does_not_start_goes_back(installed: Installed) -> None:
    before = installed.type(f"readlink /opt/rights-line/current; cat {OWN}")
    installed.releases.edit(
        "rights_line/cli/server.py", "^    environ = ", "    return 1\n\n    environ = "
    )
    installed.releases.edit("content/contacts.yaml", *set_date("police", "2026-11-02"))
    installed.releases.publish("0.1.2")

    done = installed.machine.run("cd rights-line && git pull -q && deploy/upgrade")

    assert done.returncode == 1
    assert "The line: it does not answer" in done.stdout
    assert "0.1.0" in done.stdout.splitlines()[-1]
    assert "is running again" in done.stdout.splitlines()[-1]
    assert installed.type(f"readlink /opt/rights-line/current; cat {OWN}") == before
    assert installed.type("systemctl is-active rights-line") == "active\n"


def test_upgrade_doctor_finds_problem_stops_before_it_changes_anything(
    installed: Installed,
) -> None:
    before = installed.type(
        "readlink /opt/rights-line/current; systemctl show -P MainPID rights-line"
    )
    installed.type("systemctl stop redis-server")

    done = installed.machine.run("rights-line/deploy/upgrade")
    installed.type("systemctl start redis-server")

    assert done.returncode == 1
    assert steps(done.stdout) == ["FAIL"]
    assert "fail   REDIS_URL" in done.stdout
    assert (
        installed.type("readlink /opt/rights-line/current; systemctl show -P MainPID rights-line")
        == before
    )


def test_install_port_taken_names_the_program(installed: Installed) -> None:
    installed.type("systemctl stop nginx; systemd-run -q -u taker python3 -m http.server 443")
    wait_until(
        lambda: "python3" in installed.machine.run("ss -ltnp 'sport = :443'").stdout, "port 443"
    )

    done = installed.machine.run("rights-line/deploy/install </dev/null")

    assert done.returncode == 1
    assert "Port 443 is taken by python3 (process " in done.stdout
    installed.type("systemctl stop taker; systemctl start nginx")


def test_install_with_caddy_and_valkey_ends_with_running_line(tmp_path: Path) -> None:
    options = " --proxy caddy --redis valkey --channels twilio_sms,africastalking_ussd"
    with prepared(tmp_path) as line:
        refused = line.machine.run(commands("deploy.md", "Install") + options, TOKEN + "\n")
        assert "Caddy runs as the user caddy, who must be able to read" in refused.stdout
        line.type(f"chgrp -R caddy /etc/letsencrypt; chmod 640 /etc/letsencrypt/live/{HOST}/*")
        output = line.type("rights-line/deploy/install </dev/null")
        assert {*steps(output)} == {"OK"}, output
        assert "The line is running." in output
        checked = line.type("rights-line doctor || :")

    assert "ok     redis: settings: no problem found" in checked
    assert "ok     redis: permissions: no problem found" in checked
    assert "africastalking_ussd" in checked
