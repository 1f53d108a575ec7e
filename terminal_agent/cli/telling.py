"""Changes to templates into the chain, also those that were made while the agent was away."""

from terminal_agent.door.client import Door
from terminal_agent.door.words import Enrolled
from terminal_agent.faces.gallery import Gallery


def tell(gallery: Gallery, door: Door) -> int:
    """Tell the agent everything that the chain does not hold yet; how much it took. A change whose
    answer was lost is told again. Raises SourceUnavailable."""
    taken = 0
    for one in gallery.untold():
        if door.ask(Enrolled(0, one.pin, one.change, one.digest)).ok:
            gallery.tell(one.no)
            taken += 1
    return taken
