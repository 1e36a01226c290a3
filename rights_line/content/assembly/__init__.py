"""Build what the library holds from the texts that were read."""
