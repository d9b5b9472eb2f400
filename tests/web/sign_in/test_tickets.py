from tests.web.conftest import Clock
from web.sign_in.tickets import LIFETIME, Tickets


def test_ticket_works_once(clock: Clock) -> None:
    tickets = Tickets(clock)
    ticket = tickets.issue("ada")
    assert tickets.redeem(ticket) == "ada"
    assert tickets.redeem(ticket) is None


def test_ticket_expires_after_thirty_seconds(clock: Clock) -> None:
    tickets = Tickets(clock)
    ticket = tickets.issue("ada")
    clock.seconds += LIFETIME
    assert tickets.redeem(ticket) is None


def test_unknown_ticket_is_refused(clock: Clock) -> None:
    tickets = Tickets(clock)
    tickets.issue("ada")
    assert tickets.redeem("") is None
    assert tickets.redeem("guess") is None
