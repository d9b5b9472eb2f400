"""The error for arguments that the Content Hub cannot use."""

from service.errors import ServiceError


class InputRefusedError(ServiceError):
    """An argument cannot be used; the message names it and what is allowed (contract 16.13)."""
