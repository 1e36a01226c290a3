"""Sessions and counters in Redis or Valkey."""
