"""The names of a simulated organisation: people, departments, sites."""

from dataclasses import dataclass

FIRST = (
    *("Ada", "Amir", "Anja", "Beate", "Bruno", "Carla", "Cem", "Clara", "Daniel", "Dilek"),
    *("Edgar", "Elif", "Emma", "Erik", "Fatima", "Felix", "Frieda", "Georg", "Greta", "Hanna"),
    *("Hugo", "Ines", "Ivan", "Jana", "Jonas", "Karim", "Klara", "Lars", "Lena", "Leon"),
    *("Marta", "Milan", "Mona", "Nadia", "Nils", "Olga", "Oskar", "Paula", "Rosa", "Theo"),
)
LAST = (
    *("Adler", "Albers", "Aydin", "Bach", "Berg", "Boateng", "Brandt", "Brooks", "Clarke", "Cooper"),
    *("Demir", "Doyle", "Ebert", "Engel", "Fischer", "Flynn", "Frank", "Gomez", "Graf", "Haas"),
    *("Hart", "Heller", "Holt", "Hughes", "Iversen", "Jansen", "Kaya", "Keller", "Kern", "Kolb"),
    *("Lang", "Lindner", "Lowe", "Marsh", "Meier", "Moser", "Nagel", "Novak", "Okafor", "Orth"),
    *("Palmer", "Peters", "Petrov", "Quinn", "Rahn", "Reed", "Ritter", "Roth", "Sander", "Schuster"),
    *("Seidl", "Shaw", "Sommer", "Stein", "Thoma", "Vogel", "Voss", "Wagner", "Walsh", "Winter"),
)
STRIDE = 1_237
"""Shares no factor with the number of names, so that all come up before one comes again."""

DEPARTMENTS = (
    *("Sales", "Purchasing", "Machining", "Assembly", "Development", "Testing"),
    *("Logistics", "Customer service", "Maintenance", "Finance", "Human resources", "Foundry"),
)
OFFICES = frozenset({"Sales", "Purchasing", "Finance", "Human resources"})
SITES = (
    ("Hanover works", "Europe/Berlin", "DE-NI"),
    ("Graz works", "Europe/Vienna", "AT-6"),
    ("Leeds works", "Europe/London", "GB-ENG"),
)


@dataclass
class Names:
    """Hands out names of people, each once."""

    start: int
    given: int = 0

    def next(self) -> str:
        """Return the next name; when all are given, double names follow."""
        pairs = len(FIRST) * len(LAST)
        more, number = divmod(self.given, pairs)
        place = (self.start + number * STRIDE) % pairs
        self.given += 1
        name = f"{FIRST[place % len(FIRST)]} {LAST[place // len(FIRST)]}"
        return f"{name}-{LAST[(place + more) % len(LAST)]}" if more else name


def department(number: int) -> str:
    """Return the name of the nth department; the second of its kind is called so."""
    again, place = divmod(number, len(DEPARTMENTS))
    return f"{DEPARTMENTS[place]} {again + 1}" if again else DEPARTMENTS[place]


def is_office(department: str) -> bool:
    """Say whether a department works at desks only."""
    return any(department.startswith(each) for each in OFFICES)


def site(number: int) -> tuple[str, str, str]:
    """Return the name, zone and holiday region of the nth site; the second at a place is called so."""
    again, place = divmod(number, len(SITES))
    name, zone, region = SITES[place]
    return (f"{name} {again + 1}" if again else name), zone, region


def key_of(name: str) -> str:
    """Return the id of a person or unit by its name: ada.adler."""
    return name.lower().replace(" ", ".")
