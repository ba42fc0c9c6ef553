"""The command `pdca`."""


def main() -> None:
    """Run the command line."""
