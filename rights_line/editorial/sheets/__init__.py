"""Sheets (CSV) for translators: texts, and words."""
