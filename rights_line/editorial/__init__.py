"""Tools for the owners of the words: editors, translators, reviewers and lawyers.

Lint, fact coverage, costs, lists of screens, review sheets and approvals. They read the files that
`content` has loaded, and write only to locales/. No message is answered here.
"""
