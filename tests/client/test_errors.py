import re

import client.errors
from client.errors import ClientError


def kinds(kind: type[ClientError]) -> list[type[ClientError]]:
    own = [sub for sub in kind.__subclasses__() if sub.__module__ == "client.errors"]
    return [kind, *(found for sub in own for found in kinds(sub))]


def test_every_error_and_its_code_is_in_the_tree_of_the_module() -> None:
    drawn = dict(re.findall(r"(\w+Error)\s+([a-z0-9-]+)$", client.errors.__doc__ or "", re.M))
    with_codes = {kind.__name__: kind.code for kind in kinds(ClientError) if "code" in vars(kind)}
    assert drawn == with_codes


def test_no_two_errors_share_a_code() -> None:
    codes = [vars(kind)["code"] for kind in kinds(ClientError) if "code" in vars(kind)]
    assert len(set(codes)) == len(codes)
