"""Percentages and rupiah as Indonesia writes them, on pages, in files and in sentences alike. Pure."""


def percent(bp: int | None) -> str:
    """Basis points as people write them: 150 is "1,5 %"; "–" where nobody has brought any."""
    if bp is None:
        return "–"
    whole, part = divmod(abs(bp), 100)
    tail = f",{part:02}".rstrip("0") if part else ""
    return f"{'-' if bp < 0 else ''}{whole}{tail} %"


def rupiah(amount: int) -> str:
    """Whole rupiah with dots between the thousands: 2.772.000."""
    return f"{amount:,}".replace(",", ".")
