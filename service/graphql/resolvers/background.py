"""removeBackgroundFromImage (contract 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.graphql.resolvers.context import Fields, Info, bad_user_input, services_of
from service.graphql.resolvers.global_ids import key_of
from service.graphql.resolvers.viewer import DEMO_ORGANIZATION


@dataclass(frozen=True)
class RemoveBackgroundFromImagePayload:
    """What the mutation answers with."""

    image_url: str


def paying_organization(organization_id: str) -> str:
    """Return the key of the organization that pays.

    Raises:
        GraphQLError: it is none of this account.
    """
    organization = key_of("organizationId", organization_id, "Organization")
    if organization != DEMO_ORGANIZATION.key:
        raise bad_user_input("organizationId is no organization of this account.")
    return organization


def _remove_background(
    _root: Any, info: Info, input: Mapping[str, str]
) -> RemoveBackgroundFromImagePayload:
    services = services_of(info)
    organization = paying_organization(input["organizationId"])
    image_url = services.background_removal.remove(organization, input["imageUrl"])
    return RemoveBackgroundFromImagePayload(image_url)


FIELDS: Fields = {"Mutation": {"removeBackgroundFromImage": _remove_background}}
