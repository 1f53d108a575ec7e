"""Changes the kiosk over to a new certificate and MAC key, as the centre asks before the old one ends."""

from contract import enrolment
from contract.command import Certify, Renew
from terminal_agent import identity, papers
from terminal_agent.errors import SourceMisconfigured
from terminal_agent.orders.hands import Deed, Hands


def do(order: Renew | Certify, hands: Hands) -> Deed:
    """Make a key and ask for its certificate; or take the certificate and begin anew with it. Raises
    OSError."""
    invited = hands.dispatch.invited
    try:
        if isinstance(order, Renew):
            if not invited.certificate:
                return Deed("refused", "no_certificate")
            return Deed("done", "", enrolment.encode(papers.renewal(hands.state, invited)))
        if order.certificate == invited.certificate:
            return Deed("done")  # answered before the last start, and asked again
        key = papers.coming(hands.state)
        taken = papers.certified(invited, key, order.certificate, order.share)
    except SourceMisconfigured as problem:
        return Deed("refused", f"{problem.code}: {problem}")
    identity.try_next(hands.state, taken)
    papers.arrived(hands.state)
    hands.restart()
    return Deed("done")
