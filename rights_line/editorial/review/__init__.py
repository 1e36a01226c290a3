"""The review page: one HTML file for a reader, and the import of the answers."""
