"""Tools for the owners of the words: editors, translators, reviewers, lawyers.

Lint, fact coverage, costs, lists of screens, review sheets and approvals. They read what `content`
loaded and write only files in locales/; nothing here answers a message.
"""
