"""Checks between the files; any problem stops the start."""
