"""What every room may ask of its surroundings: settings, database, clock, logs; it knows nothing of ours."""
