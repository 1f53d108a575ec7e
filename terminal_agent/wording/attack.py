"""What `face attack` says."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "no_sequences": (
        "Tidak ada gambar di {detail}. Sebut folder yang berisi satu folder per orang, dengan gambar "
        "berurutan seperti budi_1.jpg, budi_2.jpg, …",
        "There are no images in {detail}. Name a folder that holds a folder for each person, with "
        "images in order such as budi_1.jpg, budi_2.jpg, …",
    ),
    "attack_progress": ("{count} urutan dibaca …", "{count} sequences read …"),
    "attack_accepted": (
        "Serangan: {sequences} urutan. Diterima tanpa tantangan {without}, dengan tantangan {with_} "
        "(95 %: {span})\n"
        "     tantangan yang terpenuhi: menoleh kiri {turn_left}, menoleh kanan {turn_right}, "
        "berkedip {blink}",
        "Attacks: {sequences} sequences. Accepted without challenge {without}, with challenge {with_} "
        "(95 %: {span})\n"
        "     challenges met: turn left {turn_left}, turn right {turn_right}, blink {blink}",
    ),
    "attack_refused": (
        "Orang asli: {sequences} urutan. Ditolak tanpa tantangan {without}, dengan tantangan {with_}",
        "Living people: {sequences} sequences. Refused without challenge {without}, with challenge "
        "{with_}",
    ),
    "attack_limits": (
        "Hanya jenis serangan di folder ini yang diuji. Video yang diputar ulang dan topeng perlu "
        "diuji tersendiri; ini bukan pengujian ISO/IEC 30107-3.",
        "Only the kinds of attack in this folder are tested. Replayed video and masks are to be "
        "tested by themselves; this is not an ISO/IEC 30107-3 evaluation.",
    ),
}
