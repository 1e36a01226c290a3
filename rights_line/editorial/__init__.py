"""Tools for the owners of the words: editors, translators, reviewers and lawyers.

Lint, fact coverage, costs, lists of screens, review pages and sheets, approvals. They read the
files that `content` has loaded, and write only to locales/. No message is answered here.
"""
