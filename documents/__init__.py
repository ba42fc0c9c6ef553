"""Files in and out: organisation, answers, sheets."""
