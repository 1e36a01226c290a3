"""docs/deploy.md typed into a Debian with systemd: install, repair, upgrade, and the way back.

The commands come from the documents. `make deploy-test` makes an empty Debian in the folder
DEPLOY_BASE and runs this file (tests/support/machine.py).
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

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
CURRENT = "/opt/rights-line/current/deploy"
LOCAL = "/etc/rights-line/local"
ACCOUNT = "AC" + 32 * "a"
MOVED = 'udi:\\n  moved: {to: "23 35 16 01", "on": 2026-11-28, by: AB, source: "a call"}'
RENEWAL = f"/etc/letsencrypt/renewal/{HOST}.conf"
# The Polish menu, as the line itself shows it on a page.
ASK_MENU = (
    'python3 -c "import urllib.request as r; '
    "print(r.urlopen('http://127.0.0.1:8000/pl', timeout=20).read().decode())\""
)


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
        said = done.stdout[-3000:]
        assert done.returncode == 0, said
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
    library = "/etc/rights-line/served/build/library.json"
    assert "Name, Street 1, Oslo" in installed.type(f"setpriv --reuid=rights-line cat {library}")


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
    """Also a variable that the operator has set by hand."""
    audio = "RIGHTS_LINE_AUDIO_URL=https://cdn.example.org/a"
    installed.type(f"sed -i 's,^RIGHTS_LINE_AUDIO_URL=.*,{audio},' /etc/rights-line/env")
    before = installed.type(f"cat /etc/rights-line/env /etc/redis/users.acl {OWN}")
    installed.type(
        "systemctl stop nginx redis-server rights-line.socket rights-line.service\n"
        "rm -r /etc/systemd/system/rights-line* /etc/nginx/sites-enabled/*\n"
        "rm /usr/local/sbin/rights-line\n"
        "rm -r /opt/rights-line/current/rights_line/core\n"
        f"mkdir /etc/letsencrypt/renewal; echo 'authenticator = standalone' >{RENEWAL}\n"
        "printf '#!/bin/sh\\necho \"$@\" >/root/certbot\\n' >/usr/local/bin/certbot\n"
        "chmod +x /usr/local/bin/certbot"
    )

    repaired = installed.type("cd rights-line; deploy/install </dev/null")

    assert "The line is running." in repaired
    assert installed.type(f"cat /etc/rights-line/env /etc/redis/users.acl {OWN}") == before
    renewed = installed.type(f"cat certbot; rm {RENEWAL} certbot")
    assert renewed.startswith(f"reconfigure --cert-name {HOST} --webroot -w /var/www/html ")


def test_cards_of_document_hold_published_texts(installed: Installed) -> None:
    """WeasyPrint is installed by one command."""
    (install,) = (
        row for row in commands("cards.md", "Cards").splitlines() if row.startswith("make -C")
    )
    installed.type(install)

    installed.type("RIGHTS_LINE_SERVE=drafts rights-line card pl --out cards.pdf")
    installed.type("rights-line qr pl --out codes")

    assert installed.type("head -c 5 cards.pdf") == "%PDF-"
    codes = [f"pl-{way}.{form}" for way in ("call", "sms", "www") for form in ("png", "svg")]
    assert installed.type("ls codes").split() == codes


def test_upgrade_commands_of_document_keep_own_contacts(installed: Installed) -> None:
    """The date that the operator set stays, the one that upstream set comes; approvals stay.

    A text that must be read again does not delay it.
    """
    said = installed.type(
        "umask 077; rights-line approve en --role lawyer --by AB\n"
        f"rights-line approve en --role practitioner --by CD; {CURRENT}/publish --yes\n"
        f"sed -i 's/Does someone take/Does anyone take/' {LOCAL}/content/topics/pictures.yaml\n"
        f"{CURRENT}/publish --yes; rm -r /etc/rights-line/published"
    )
    assert "en: screens that LOSE their approval, the helplines instead: 74" in said
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
    assert installed.type("rights-line card pl --out c.pdf 2>/dev/null; head -c 5 c.pdf") == "%PDF-"

    back = installed.type("rights-line/deploy/upgrade --rollback")

    assert {*steps(back)} == {"OK"}, back
    assert installed.version() == "0.1.0"
    assert review.read_text("utf-8") == approved
    # Neither date goes back.
    assert own.read_text("utf-8") == edited.replace("2026-10-01", "2026-11-01", 1)


def test_upgrade_to_version_that_does_not_start_goes_back(installed: Installed) -> None:
    before = installed.type(f"readlink /opt/rights-line/current; cat {OWN}")
    installed.releases.edit(
        "rights_line/cli/service_commands.py", "^    environ = ", "    return 1\n\n    environ = "
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

    done = installed.machine.run(f"{CURRENT}/install </dev/null")

    assert done.returncode == 1
    assert "Port 443 is taken by python3 (process " in done.stdout
    installed.type("systemctl stop taker; systemctl start nginx")


@contextmanager
def texting(line: Installed) -> Iterator[dict[str, Any]]:
    """Send 20 texts a second through the proxy during the block; the result is filled in after."""
    module = (sys.executable, "-m", "tests.support.steady_load")
    command = line.machine.beside(*module, "https://127.0.0.1:443", TOKEN, ACCOUNT)
    result: dict[str, Any] = {}
    load = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        time.sleep(7)
        yield result
        time.sleep(7)
        result |= json.loads(load.communicate(timeout=60)[0])
        sys.stdout.write(f"{result}\n")
    finally:
        load.kill()
        load.wait()


@pytest.fixture(scope="module")
def talking(installed: Installed) -> Installed:
    """The line with all texts, and without a limit that the load would reach."""
    more = "RIGHTS_LINE_SERVE=drafts\nRIGHTS_LINE_HOURLY=9999999\nRIGHTS_LINE_DAILY=9999999"
    installed.type(f"echo '{more}' >>/etc/rights-line/env; {CURRENT}/install </dev/null")
    return installed


def test_publish_under_load_loses_no_text_and_forgets_nobody(talking: Installed) -> None:
    """A word and a number change; a restart alone sends neither."""
    talking.type(
        f'sed -i \'s/"Rozmowa"/"Rozmowy"/\' {LOCAL}/locales/pl/LC_MESSAGES/messages.po\n'
        f"sed -i 's/^udi:/{MOVED}/' {OWN}\n"
        "systemctl restart rights-line"
    )
    assert "Rozmowy" not in talking.type(ASK_MENU)

    refused = talking.machine.run(f"{CURRENT}/publish", "n\n")
    assert refused.returncode == 1
    assert "number of udi: 23 35 16 00 -> 23 35 16 01, in every language" in refused.stdout
    assert "pl: " in refused.stdout
    assert "Nothing was published." in refused.stdout

    with texting(talking) as result:
        said = talking.type(f"{CURRENT}/publish --yes")

    assert {*steps(said)} == {"OK"}, said
    assert (result["lost"], result["forgotten"]) == ([], []), result
    assert result["sent"] > 200
    assert "Rozmowy" in talking.type(ASK_MENU)
    assert "Nothing has changed" in talking.type(f"{CURRENT}/publish --yes")


def test_publish_rollback_gives_senders_and_editor_the_texts_of_before(talking: Installed) -> None:
    """Under load, and without what the editor has not published."""
    talking.type(f"echo '# a draft' >>{OWN}")

    with texting(talking) as result:
        said = talking.type(f"{CURRENT}/publish --rollback --yes")

    assert {*steps(said)} == {"OK"}, said
    assert "number of udi: 23 35 16 01 -> 23 35 16 00, in every language" in said
    assert "fallbacks at the provider" not in said  # they do not hold it
    assert (result["lost"], result["forgotten"]) == ([], []), result
    assert "Rozmowa" in talking.type(ASK_MENU)
    assert "Nothing has changed" in talking.type(f"{CURRENT}/publish --yes")
    (mine,) = re.findall(r"Your texts are in (\S+)\.\n", said)
    assert "# a draft" in talking.type(f"cat {mine}/content/contacts.yaml")
    none = talking.machine.run(f"{CURRENT}/publish --rollback --yes")
    assert (none.returncode, "No earlier texts are kept." in none.stdout) == (1, True)
    talking.type(f"rm -r {LOCAL}; mv {mine} {LOCAL}; sed -i '$d' {OWN}; {CURRENT}/publish --yes")


def test_publish_of_wrong_number_is_refused(talking: Installed) -> None:
    """`rights-line check` knows the numbers of the guide."""
    before = talking.type(f"cat {OWN}")
    talking.type(f"sed -i 's/22 33 11 60/22 33 11 61/; s/2233 *1160/22331161/' {OWN}")

    done = talking.machine.run(f"{CURRENT}/publish --yes")

    assert done.returncode == 1
    assert "22 33 11 61" in done.stdout
    assert steps(done.stdout) == ["FAIL"]
    Path(talking.machine.root / OWN[1:]).write_text(before, "utf-8")


def test_publish_that_fails_goes_back_by_itself(talking: Installed) -> None:
    """The proxy is down: the test message cannot come back with either texts."""
    served = "find /etc/rights-line/served -type f | sort | xargs sha256sum"
    before = talking.type(served)
    talking.type(
        f'sed -i \'s/"Rozmowy"/"Rozmowa"/\' {LOCAL}/locales/pl/LC_MESSAGES/messages.po\n'
        "systemctl stop nginx"
    )

    done = talking.machine.run(f"{CURRENT}/publish --yes")

    talking.type("systemctl start nginx")
    assert done.returncode == 1
    assert "Proxy: nothing listens" in done.stdout
    assert talking.type(served) == before
    assert "Rozmowy" in talking.type(ASK_MENU)


def test_install_with_five_slips_names_all_and_the_line_still_answers(talking: Installed) -> None:
    before = talking.type("cat /etc/rights-line/env; systemctl show -P MainPID rights-line")
    talking.type("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout k -out c 2>&1")
    slips = "--host Line --number 59440000 --account AC1 --channels twilio_smss --certificate c"

    with texting(talking) as result:
        done = talking.machine.run(f"{CURRENT}/install {slips} </dev/null", TWILIO_AUTH_TOKEN="abc")

    assert done.returncode == 1
    for slip in ("--host", "--number", "--account", "--channels", "--certificate", "TWILIO_AUTH"):
        assert re.search(f"(?m)^ +{slip}", done.stdout), (slip, done.stdout)
    assert "abc" not in done.stdout
    assert (result["lost"], result["forgotten"]) == ([], []), result
    after = talking.type("cat /etc/rights-line/env; systemctl show -P MainPID rights-line")
    assert after == before
    redis = "systemctl show -P MainPID redis-server"
    running = talking.type(redis)
    assert "The line is running." in talking.type(f"{CURRENT}/install </dev/null")
    assert talking.type(redis) == running  # a restart of Redis forgets everybody


def test_install_whose_message_does_not_come_back_restores_the_variables(
    talking: Installed,
) -> None:
    """Another host, whose name leads nowhere; its certificate is usable."""
    before = talking.type("cat /etc/rights-line/env /etc/rights-line/answers")
    talking.type(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=x -keyout other.key"
        " -addext subjectAltName=DNS:other.example.org -out other.pem 2>&1"
    )

    done = talking.machine.run(
        f"{CURRENT}/install --host other.example.org --certificate /root/other.pem"
        " --key /root/other.key </dev/null"
    )

    assert done.returncode == 1
    assert "DNS: other.example.org has no address" in done.stdout
    assert "The line is running as before." in done.stdout
    assert talking.type("cat /etc/rights-line/env /etc/rights-line/answers") == before
    assert "Rozmowy" in talking.type(ASK_MENU)
    talking.type("rm /etc/rights-line/answers.new")


def test_rollback_with_conflict_keeps_own_texts_and_install_repairs_afterwards(
    talking: Installed,
) -> None:
    """Neither asks about texts, and the checkout holds the newer version."""
    talking.releases.edit(
        "rights_line/cli/service_commands.py", "    return 1\n\n    environ", "    environ"
    )
    talking.releases.edit("content/contacts.yaml", "^  name: UDI$", "  name: UDI  # theirs")
    talking.releases.edit("content/topics/cost.yaml", "^title: .*?$", "title: Price")
    talking.releases.publish("0.1.3")
    talking.type(
        f'sed -i \'s/"Rozmowa"/"Rozmowy"/\' {LOCAL}/locales/pl/LC_MESSAGES/messages.po\n'
        f"sed -i 's/^  name: UDI$/  name: UDI  # ours/' {OWN}; {CURRENT}/publish --yes"
    )
    upgrade = "cd rights-line && git pull -q && deploy/upgrade --despite-doctor"
    asked = talking.machine.run(upgrade)
    assert "--keep-own content/contacts.yaml" in asked.stdout
    upgrade += " --keep-own content/contacts.yaml"
    declined = talking.machine.run(upgrade, "n\n").stdout
    assert "en: " in declined
    assert "Nothing was upgraded." in declined
    talking.type(f"{upgrade} --yes")
    assert talking.version() == "0.1.3"

    back = talking.type("rights-line/deploy/upgrade --rollback")

    assert {*steps(back)} == {"OK"}, back
    assert talking.version() == "0.1.0"
    assert "UDI  # ours" in talking.type(f"cat {OWN}")
    assert "Rozmowy" in talking.type(ASK_MENU)
    refused = talking.machine.run("rights-line/deploy/install </dev/null")
    assert f"repair it with {CURRENT}/install" in refused.stdout
    assert "The line is running." in talking.type(f"{CURRENT}/install </dev/null")
    talking.type(f"rights-line contacts --verified UDI --by AB; {CURRENT}/publish --yes")


def test_move_to_another_machine_asks_nothing_about_texts(
    talking: Installed, tmp_path: Path
) -> None:
    """deploy/backup there, deploy/restore and deploy/install here; upstream is newer by then."""
    talking.type(f"{CURRENT}/backup /root/line.tar.gz")
    local = talking.type(f"cat {OWN} {LOCAL}/locales/en/review.yaml")
    assert talking.type(f"tar -xzOf /root/line.tar.gz | grep -ac {TOKEN} || :") == "0\n"
    with prepared(tmp_path) as other:
        other.releases.edit("content/contacts.yaml", "^  name: UDI$", "  name: UDI  # theirs")
        other.releases.publish("0.1.4")
        shutil.copy(talking.machine.root / "root/line.tar.gz", other.machine.root / "root")
        other.type(
            "apt-get -q update && apt-get -q install -y git >/dev/null\n"
            f"git clone -q {REPOSITORY} rights-line\nrights-line/deploy/restore /root/line.tar.gz"
        )
        output = other.type("rights-line/deploy/install")  # the token is typed
        assert {*steps(output)} == {"OK"}, output
        assert "stays as it is: upstream changed the same lines" in output
        assert other.type(f"cat {OWN} {LOCAL}/locales/en/review.yaml") == local
        again = other.type("rights-line/deploy/restore /root/line.tar.gz")
        assert "Next: deploy/publish" in again
        assert "Nothing has changed" in other.type(f"{CURRENT}/publish --yes")
        refused = other.machine.run("tar -czf x /etc/hosts; rights-line/deploy/restore x")
        assert refused.returncode == 1
        assert other.type(f"cat {OWN} {LOCAL}/locales/en/review.yaml") == local


def test_journal_holds_whole_minutes_and_is_kept_for_100_days(talking: Installed) -> None:
    now = talking.type("date +%s").strip()
    talking.type(ASK_MENU)
    time.sleep(62)
    seconds = {int(row) // 1_000_000 % 60 for row in viewed(talking, now)}
    assert seconds
    assert seconds <= {0, 1}
    shown = talking.type("systemd-analyze cat-config systemd/journald.conf")
    assert "MaxRetentionSec=100day" in shown


def viewed(line: Installed, since: str) -> list[str]:
    """Return the times, in microseconds, of the lines about pages."""
    journal = f"journalctl -u rights-line _TRANSPORT=stdout -o json --since @{since} --no-pager -q"
    rows = map(json.loads, line.type(f"{journal} || :").splitlines())
    return [row["__REALTIME_TIMESTAMP"] for row in rows if '"page"' in row["MESSAGE"]]


def test_line_that_cannot_start_is_among_the_failed_units(talking: Installed) -> None:
    """The line itself is tried again for ever, which systemd does not call failed."""
    talking.type("cp -p /etc/rights-line/env env; echo CHANNELS=x >>/etc/rights-line/env")
    talking.type("systemctl restart rights-line; systemctl start rights-line-doctor || :")
    assert "rights-line-doctor.service" in talking.type("systemctl --failed --plain --no-legend")
    talking.type("cp -p env /etc/rights-line/env; systemctl restart rights-line")
    talking.type("systemctl reset-failed; " + ASK_MENU)


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
