"""The report for a funder in Chromium: readable on a phone, and by a screen reader."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from rights_line.content import ContentSources
from rights_line.ops.report import (
    answer_tables,
    message_tables,
    report_html,
    table_channel_labels,
    table_row_names,
)
from rights_line.ops.report_logs import Quarter
from tests.support.browser import fits, is_accessible, opened
from tests.support.sites import built

COUNTS = {"languages": {"pl": 40, "mul": 30}, "topics": {"work": 30}, "helplines": {"rosa": 10}}


@pytest.mark.parametrize("width", [360, 1280])
def test_report_is_readable_and_accessible(
    width: int, context: BrowserContext, sources: ContentSources, tmp_path: Path
) -> None:
    """It loads no other file, and tables are not wider than the screen."""
    quarter = Quarter(2026, 3)
    messages = {
        (date(2026, 7, day), name): 15 for day in range(1, 9) for name in table_channel_labels()
    }
    months, days = message_tables(messages, quarter)
    tables = [months, *answer_tables(COUNTS, table_row_names(built(sources, "drafts"))), days]
    file = tmp_path / "report.html"
    file.write_text(report_html("Report of 2026-Q3", tables))
    page, seen = opened(context, file.as_uri(), width)
    assert seen == [file.as_uri()]
    fits(page)
    is_accessible(page)
