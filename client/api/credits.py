"""Reads how many credits an organization has left (contract 9)."""

from client.api.api import Api
from client.api.documents import document
from client.api.pagination import nodes
from client.errors import ApiError
from client.json_object import as_object


def credits_left(api: Api, organization_id: str) -> int | None:
    """Return an organization's balance; None where the endpoint does not tell.

    The field was seen in use but is documented nowhere, so a refusal is no failure.

    Raises:
        ServiceDownError: no answer arrived.
    """
    try:
        data = api.graphql.execute(document("credit-balance"))
    except ApiError:
        return None
    organizations = as_object(as_object(data.get("viewer")).get("organizations"))
    for node in nodes(organizations):
        balance = as_object(node.get("creditBalance")).get("balance")
        if node.get("id") == organization_id and isinstance(balance, int):
            return balance
    return None
