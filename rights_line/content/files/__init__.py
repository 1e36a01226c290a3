"""Read the YAML files and catalogs of content/ and locales/, with a check of each value."""
