"""Files that come with Hadir: rule sets of each family, shifts, a calendar, worked cases.

They are examples of how decrees are written down; a region imports one, or its own.
"""

from importlib import resources

_RULES = "rules-"
_TOML = ".toml"


def names() -> tuple[str, ...]:
    """The rule sets by name, as `rules import NAME` takes them."""
    found = (one.name for one in resources.files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_TOML) for name in found if name.startswith(_RULES)))


def text(name: str) -> str:
    """A rule set by its name, or another file ("shifts.toml", "cases.json") by its own.

    Raises KeyError where nothing of that name comes with Hadir.
    """
    file = resources.files(__package__).joinpath(f"{name}{_TOML}" if name in names() else name)
    if "/" in name or not file.is_file():
        raise KeyError(name)
    return file.read_text("utf-8")
