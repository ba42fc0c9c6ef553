"""What every room may ask of its surroundings: settings, database, clock; it knows nothing of ours."""
