"""Where Ceph's gateway (16.2) answers otherwise than the embedded service, and why.

Every case that is not listed here has the same answer on both. A row whose case changes on either
side fails its test, so this list is complete and current.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """What Ceph answers, and why we do not."""

    ceph: str
    why: str


DIFFERENCES = {
    "a_url_from_the_future": Difference(
        "200",
        "Ceph does not look whether a URL's time has begun; AWS refuses clocks more than 15 "
        "minutes ahead (RequestTimeTooSkewed), and so do we.",
    ),
    "a_wrong_checksum_header_that_was_not_signed": Difference(
        "200",
        "Ceph 16 knows no checksum headers and ignores them; AWS refuses an x-amz header that the "
        "signature does not cover, and so do we.",
    ),
    "parts_listed_in_another_order": Difference(
        "200 joined 1,2,3",
        "Ceph sorts the list; AWS answers InvalidPartOrder, and a client that relies on sorting "
        "should fail here rather than there.",
    ),
    "a_part_listed_twice": Difference(
        "200 joined 1,3",
        "Ceph keeps one of the two; AWS answers InvalidPartOrder, since the numbers do not ascend.",
    ),
    "only_some_of_the_parts": Difference(
        "400 InvalidPart",
        "Ceph wants every part that was uploaded to be listed; AWS drops those that are not.",
    ),
    "an_empty_body": Difference(
        "400 MalformedXML",
        "Ceph has one code for a missing and a broken list; AWS has MissingRequestBodyError.",
    ),
    "a_checksum_instead_of_the_etag": Difference(
        "400 MalformedXML",
        "Ceph wants the ETag, as AWS does; Amplience documents that a checksum will do.",
    ),
    "etags_of_a_completed_upload": Difference(
        "the file's: MD5 of the parts' MD5s and -2; the result's: None",
        "Ceph 16 leaves the result's ETag empty, a known fault; the file has it.",
    ),
    "another_list_after_complete": Difference(
        "500 InternalError",
        "Ceph does not find the upload any more and calls that its own failure.",
    ),
    "a_complete_of_an_unknown_upload": Difference(
        "500 InternalError",
        "Ceph calls it its own failure, which clients try again in vain; AWS has NoSuchUpload.",
    ),
    "a_part_number_out_of_range": Difference(
        "200", "Ceph checks the number at complete only; AWS allows 1 to 10,000 at once."
    ),
    "an_abort": Difference(
        "204, then a part 404 NoSuchUpload, a complete 500 InternalError, "
        "an abort 404 NoSuchUpload",
        "As for an unknown upload.",
    ),
    "a_preflight_of_another_page": Difference(
        "403",
        "A bucket's CORS rule names its pages; our URLs may be used by any page, because the "
        "signature is the permission and no cookie is involved.",
    ),
}
