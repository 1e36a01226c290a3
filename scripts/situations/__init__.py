"""A page on which people write messages to measure with: `make situations`.

An outreach worker, a translator or a class opens the file offline, writes what somebody in each
situation might text, and saves what `python -m bench understanding FILE` reads.
"""
