"""Fixtures: a real Chromium, and the line."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from rights_line.library import ROOT
from tests.support.browser import CHROMIUM, NUMBER, QUIET
from tests.support.cards import ENVIRON
from tests.support.servers import running_line


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a line with the /try simulator."""
    environ = {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts", "PYTHONPATH": str(ROOT)}
    environ |= {"RIGHTS_LINE_NUMBER": NUMBER, "RIGHTS_LINE_USSD": "*123#"}
    with running_line(environ) as line:
        yield line.address


@pytest.fixture(scope="session")
def published_address() -> Iterator[str]:
    """The address of a line that has a number, a USSD code and a public URL."""
    with running_line({"CHANNELS": "try_it", "PYTHONPATH": str(ROOT), **ENVIRON}) as line:
        yield line.address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The Playwright driver; a process can run only one."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile; without motion, because the simulator would type slowly."""
    profile = chromium.new_context(reduced_motion="reduce")
    yield profile
    profile.close()
