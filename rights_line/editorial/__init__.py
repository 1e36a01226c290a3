"""Tools for the owners of the words: editors, translators, reviewers and lawyers.

Lint, fact coverage, costs, lists of screens, conversations in a terminal, review pages and sheets,
approvals. They read the files that `content` has loaded, and write only to locales/. No message of
a sender is answered here.
"""
