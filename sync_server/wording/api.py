"""What programs are told that ask for something that is not there."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "month_step": (
        "tidak ada langkah {step}: pilih dari {known}",
        "there is no step {step}: choose from {known}",
    ),
}
