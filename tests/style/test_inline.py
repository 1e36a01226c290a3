"""The style and script that are put into a page, and the policy that allows these alone."""

import re

from rights_line.style import BASE, compact_css, inline_files


def test_compact_css_keeps_what_rules_mean() -> None:
    """A space before a colon, around `+` and inside a value has a meaning."""
    text = "/* a\n b */\na :focus,\na + b {\n  margin: 0 calc(1px + 2px);\n  color: red;\n}\n"
    assert compact_css(text) == "a :focus,a + b{margin:0 calc(1px + 2px);color:red;}"


def test_inline_files_begin_with_the_base() -> None:
    """The comments of a script are left out; a page can only override the base."""
    inline = inline_files(
        "rights_line.web.pages", ["inline/outreach.css"], ["inline/leave.js", "inline/try.js"]
    )
    assert inline.style.startswith(":root{color-scheme:light dark;--ink:")
    assert inline.style.index("--accent:") < inline.style.index("#contents ul{")
    assert "function leave()" in inline.script
    assert "//" not in inline.script.replace("://", "")


# Newer than 2017. A browser that cannot parse one of these runs none of the script.
NEWER = re.compile(
    r"\?\.|\?\?|\|\|=|&&=|catch \{|\{ ?\.\.\.|\d_\d|\dn\b|#\w|\bimport\b|\bfor await\b|\bstatic \{"
    r"|\bglobalThis\b|\.replaceChildren\b|\.(?:replaceAll|at|flat|flatMap|allSettled|finally)\("
)


def test_quick_exit_is_in_the_language_of_2017() -> None:
    """People with an old phone must be able to leave the page, too."""
    script = inline_files("rights_line.web.pages", scripts=["inline/leave.js"]).script
    code = re.sub(r'"[^"\n]*"', '""', script)
    assert NEWER.findall(code) == []
    assert NEWER.findall("a?.b; c.replaceChildren(); d ?? e") == ["?.", ".replaceChildren", "??"]


def test_pages_for_the_person_can_be_read_without_variables_and_gaps() -> None:
    """As in Opera Mini, and in Chrome before 84: such a browser skips what it does not know."""
    style = inline_files("rights_line.web.pages", ["inline/screen.css"], base=BASE).style
    known = re.sub(r"[\w-]+:[^;{}]*var\([^;{}]*;?", "", style)
    rules = dict(re.findall(r"([^{}]+)\{([^{}]*)\}", known))

    assert "padding:.5rem 1rem 2rem" in rules["main"]
    assert "padding:.2rem 1rem" in rules[".bar"]
    assert "border:1px solid #12335a" in rules[".button,.buttons a,button"]
    assert "background:#12335a;color:#fff" in rules[".main-action,.main-action:hover"]
    assert "gap:" not in style
