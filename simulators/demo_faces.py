"""The demo's second half: the office has a camera and a screen now. What is told was seen on the
screen, as a visitor sees it, and found in the central ledger."""

import threading
from collections.abc import Callable

from simulators import office
from simulators.face_office import VISITOR, FaceOffice
from simulators.site import Site, Unproven
from simulators.story import Story, until

_ASKED = {
    "turn_left": ("menoleh ke kiri", "turn left"),
    "turn_right": ("menoleh ke kanan", "turn right"),
    "blink": ("berkedip dua kali", "blink twice"),
}
_PATIENCE = 30.0
_A_MOMENT = 2.0  # seconds until the camera has seen who stands there


def prove(site: Site, story: Story, faces: FaceOffice) -> None:
    """Somebody is recognised after a challenge, a photograph is not, a finger shows on the screen."""
    story.say(
        "Kantor mendapat kamera dan layar. Wajah dihitung dari potret resmi pemerintah AS (domain "
        "publik; simulators/portraits/ORIGIN.md), tantangan hidup menyala.",
        "The office gets a camera and a screen. The faces are computed from official US portraits "
        "(public domain; simulators/portraits/ORIGIN.md); the liveness challenge is on.",
    )
    wait_for_screen(faces)
    site.server("roster", "send", "--kid", "T07A", "--wait", "30")
    _prove_greeting(site, story, faces)
    _prove_photograph(site, story, faces)
    _prove_finger(site, story, faces)


def wait_for_screen(faces: FaceOffice) -> None:
    """Until the screen says that everybody may come. Raises Unproven."""

    def ready() -> bool:
        for kind, said in faces.news(5.0):
            rest = said.get("rest")
            if kind in ("whole", "rest") and isinstance(rest, dict):
                return rest.get("look") == "ready"
        return False

    until(lambda: _there(ready), "the screen says that it is ready")


def _there(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except OSError as problem:
        raise Unproven(f"no screen: {problem}") from problem


def _prove_greeting(site: Site, story: Story, faces: FaceOffice) -> None:
    asked, card = "", {}
    for said in faces.play():
        asked = str(said.get("asked") or asked)
        if "hello" in said:
            card = said
            break
    if VISITOR.name not in str(card.get("name")):
        raise Unproven(f"the screen greets {card.get('name')!r} instead of {VISITOR.name}")
    code = str(card["code"]).split()[-1]
    until(lambda: site.finds(code), f"{code} in the ledger")
    indonesian, english = _ASKED[asked]
    story.proven(
        "face",
        f"{card['hello']}: dikenali kamera setelah diminta {indonesian}; {code} ada di buku besar",
        f"{card['hello']}: recognised after being asked to {english}; {code} is in the ledger",
    )


def _prove_photograph(site: Site, story: Story, faces: FaceOffice) -> None:
    before = site.faces_stored()
    for said in faces.attack():
        if "hello" in said:
            raise Unproven(f"a photograph was taken for {said.get('name')}")
        if said.get("progress") == "failed":
            break
    else:
        raise Unproven("the screen never said that the photograph failed")
    if site.faces_stored() != before:
        raise Unproven("a photograph became a scan")
    story.proven(
        "photo",
        f"foto {office.PEOPLE[1].name} di depan kamera ditolak oleh tantangan",
        f"a photograph of {office.PEOPLE[1].name} before the camera fails the challenge",
    )


def _prove_finger(site: Site, story: Story, faces: FaceOffice) -> None:
    """A finger at the door while somebody else stands before the camera."""
    person = office.PEOPLE[2]
    faces.stand(VISITOR)
    threading.Timer(_A_MOMENT, lambda: site.door.punch(person.pin)).start()
    for kind, said in faces.news(_PATIENCE):
        card = said.get("card")
        if kind == "card" and isinstance(card, dict) and _is_recorded(card, person.name):
            break
    else:
        raise Unproven(f"{person.name}'s finger never showed on the screen")
    truth = site.truth()
    until(lambda: site.received() == truth, "the finger's punch in the ledger")
    until(lambda: site.faces_apart() == 1, "the comparison of face and finger in the ledger")
    story.proven(
        "finger",
        f"jari {person.name} tercatat di layar yang sama; kamera melihat {VISITOR.name}: dicatat untuk "
        "diperiksa, tidak dihalangi",
        f"{person.name}'s finger shows on the same screen; the camera saw {VISITOR.name}: noted for a "
        "look, not blocked",
    )


def _is_recorded(card: dict[str, object], name: str) -> bool:
    return name in str(card["name"]) and card["look"] in ("recorded", "late", "early")
