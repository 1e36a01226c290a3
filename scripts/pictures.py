"""Make the pictures of the documents, into docs/images/: phones, a card, the style.

Usage: python scripts/pictures.py (`make pictures`)
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from rights_line.style import inline_files
from rights_line.web.app import create_app

IMAGES = Path(__file__).parent.parent / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
CARD_LANGUAGE = "uk"
TEXT = "nie dostałem wypłaty"  # "I was not paid"
SCRIPT_WORDS = ("AMHARIC", "BANGLA", "PANJABI", "SORANI", "KURMANCI")
# On paper the edge of the inside is cut, and the line in the middle folded.
CARD_EDGE = """
.sheet:first-child, .copy { display: none; }
.piece { outline: 1px solid #767676; }
.face.second { box-shadow: -1px 0 0 #c8ccd2; }
"""
# Each part of style/base.css once, light and dark. docs/style.md
PARTS = """
<header class="bar"><a class="button main-action" href="#">main-action</a>
<a href="#">bar</a></header>
<main><h1>h1 --title</h1><h2>h2 --large</h2>
<p>Text, <a href="#">link</a>, <span class="number">22 33 11 60</span>,
<span class="small">small</span></p>
<p class="row"><button>button</button><a class="button" href="#">button</a></p>
<p class="note">note</p><p class="draft">draft</p><p class="problem">problem</p>
<div class="panel">panel</div><p class="bubble">bubble</p>
<ul class="list"><li><a href="#">list</a></li><li><a href="#">list</a></li></ul>
<p><label>label <input value="input"></label></p>
<p><label><input type="checkbox" checked> label</label></p>
<table><tr><th>th</th><th>th</th></tr><tr><td>td</td><td>td</td></tr></table>
<details><summary>summary</summary></details></main>
"""
# The number and the address are invented.
ENVIRON = {
    "CHANNELS": "try_it",
    "RIGHTS_LINE_SERVE": "drafts",
    "RIGHTS_LINE_PUBLIC_URL": "https://line.example.org",
    "RIGHTS_LINE_NUMBER": "+47 59 44 00 00",
}


@contextmanager
def running_line() -> Iterator[str]:
    """Serve the line from this process, and yield its address."""
    server = make_server("127.0.0.1", 0, create_app(ENVIRON), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def text_phone(page: Page, address: str, text: str) -> bytes:
    """Text the try-it phone, and return a picture of it as PNG."""
    page.goto(f"{address}/try")
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.locator(".turn").wait_for()
    page.locator("#text").blur()
    return page.locator(".telephone").first.screenshot()


def take_phone(page: Page, address: str) -> None:
    (IMAGES / "phone.png").write_bytes(text_phone(page, address, TEXT))


def take_scripts(page: Page, address: str) -> None:
    """Take a picture of phones side by side, each with a menu in another script."""
    phones = [b64encode(text_phone(page, address, word)).decode() for word in SCRIPT_WORDS]
    shown = (f'<img width="270" src="data:image/png;base64,{phone}">' for phone in phones)
    page.set_viewport_size({"width": 1400, "height": 100})
    page.set_content(f'<div style="display: inline-flex">{"".join(shown)}</div>')
    page.locator("div").screenshot(path=IMAGES / "scripts.png", scale="css")


def take_card(page: Page, address: str) -> None:
    """Take a picture of the inside of a card, as it is printed."""
    page.emulate_media(media="print")
    page.goto(f"{address}/card/{CARD_LANGUAGE}")
    page.add_style_tag(content=CARD_EDGE)
    page.locator(".sheet:last-child").screenshot(path=IMAGES / "card.png")


def take_style(page: Page, _: str) -> None:
    """Take a picture of the parts that all pages share, light beside dark."""
    style = inline_files("rights_line.style").style
    page.set_viewport_size({"width": 400, "height": 700})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_content(f"<!doctype html><style>{style}</style>{PARTS}")
        page.screenshot(path=IMAGES / f"style-{scheme}.png", full_page=True)


def take_pictures(browser: Browser, address: str) -> None:
    """Take each picture at twice the resolution of a screen."""
    IMAGES.mkdir(exist_ok=True)
    for take in (take_phone, take_scripts, take_card, take_style):
        page = browser.new_page(
            viewport={"width": 900, "height": 900},
            device_scale_factor=2,
            bypass_csp=True,  # for CARD_EDGE
        )
        take(page, address)
        page.close()


def main() -> None:
    """Start the line and a browser, and take the pictures."""
    with running_line() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        take_pictures(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
