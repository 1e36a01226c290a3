"""A message in a session: what it means there, and the reply. Begin with `turn`."""
