"""Start a language: its row, its folder, its empty catalog."""
