"""The contract check against a store that is not ours: it names what differs, and nothing else."""

from pathlib import Path

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.contract_check.run import run_check
from client.contract_check.trial import CheckOptions
from settings import read_settings
from tests.browser.connections.ceph_endpoint import running_ceph_api
from tests.s3.differences import DIFFERENCES
from tests.s3.engines import PAGE, Engine

DIFFERENCE_OF = {
    "unsigned-amz-header": "a_wrong_checksum_header_that_was_not_signed",
    "complete-reversed": "parts_listed_in_another_order",
    "complete-duplicate": "a_part_listed_twice",
    "complete-some": "only_some_of_the_parts",
    "complete-empty-body": "an_empty_body",
    "complete-checksum": "a_checksum_instead_of_the_etag",
    "complete-result-etag": "etags_of_a_completed_upload",
    "complete-other-list": "another_list_after_complete",
}
"""Probe -> the row of `tests/s3/differences.py` that it meets."""
OF_ANOTHER_PAGE = {"cors-preflight", "cors-etag"}
"""The probes that meet `a_preflight_of_another_page`."""
OUT_OF_REACH = {
    "a_url_from_the_future",
    "a_complete_of_an_unknown_upload",
    "a_part_number_out_of_range",
    "an_abort",
}
"""Differences that only somebody with the store's key can see."""
UNASKED = {
    "an_acl_that_was_not_signed",
    "metadata_that_was_not_signed",
    "a_right_checksum_that_was_not_signed",
    "a_payload_digest_that_was_not_signed",
    "a_date_that_was_not_signed",
    "only_over_a_known_one",
    "capitals_in_the_host",
    "the_framing_of_a_request",
    "a_long_name",
}
"""Differences in what a PUT may say beside its file, which nothing of ours says."""


def differing(ceph: Engine, origin: str) -> set[str]:
    with running_ceph_api(ceph) as settings:
        connection = connection_from_settings(read_settings(settings, Path("no secrets")))
        findings = list(run_check(Api(connection), CheckOptions(origin=origin), {"storage"}))
    assert {one.verdict for one in findings} == {"met", "differs", "not-run"}
    return {one.probe.id for one in findings if one.verdict == "differs"}


def test_ceph_shows_exactly_the_differences_that_are_known(ceph: Engine) -> None:
    assert differing(ceph, PAGE) == set(DIFFERENCE_OF)


def test_a_page_that_the_bucket_does_not_name_is_told_so(ceph: Engine) -> None:
    assert differing(ceph, "https://other.example") == set(DIFFERENCE_OF) | OF_ANOTHER_PAGE


def test_every_known_difference_is_met_or_left_out_with_a_reason() -> None:
    met = {*DIFFERENCE_OF.values(), "a_preflight_of_another_page"}
    assert met | OUT_OF_REACH | UNASKED == set(DIFFERENCES)
