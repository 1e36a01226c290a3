"""Approvals: the files that record them, and what may be sent under them."""
