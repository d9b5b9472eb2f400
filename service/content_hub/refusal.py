"""What the Content Hub says when it cannot do what was asked."""

from service.errors import ServiceError


class InputRefusedError(ServiceError):
    """An argument cannot be used; the message names it and what would do (contract 16.13)."""
