"""The commands: each opens what it needs, calls the domain once, and says what came of it."""
