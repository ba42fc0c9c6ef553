"""The demo: two complete quarters of a sample organisation, played by the commands and flows that people use."""
