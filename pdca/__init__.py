"""The command; the only room that knows every other."""
