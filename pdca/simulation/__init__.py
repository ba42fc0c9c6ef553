"""A simulated organisation: people who answer, act, forget and leave, by the same functions that commands call."""
