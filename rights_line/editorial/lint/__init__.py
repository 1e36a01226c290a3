"""Lint texts, translations and rendered screens, and check facts against the guide."""
