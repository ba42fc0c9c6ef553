"""One concept, one file: its table, statuses, operations and queries."""
