"""The language of a text: its letters, the names in it, and the language of the reply."""
