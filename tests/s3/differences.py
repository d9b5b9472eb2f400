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


NOT_SIGNED = (
    "Ceph takes an x-amz header that the signature does not cover, or passes over it; AWS refuses "
    "it, and so do we."
)
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
    "an_acl_that_was_not_signed": Difference("200", NOT_SIGNED),
    "metadata_that_was_not_signed": Difference("200", NOT_SIGNED),
    "a_right_checksum_that_was_not_signed": Difference("200", NOT_SIGNED),
    "a_payload_digest_that_was_not_signed": Difference("200", NOT_SIGNED),
    "a_date_that_was_not_signed": Difference("200", NOT_SIGNED),
    "only_over_a_known_one": Difference(
        "its own 412 PreconditionFailed, another's 412 PreconditionFailed, "
        "where nothing is 412 PreconditionFailed",
        "Ceph 16 compares an ETag with its quotes to one without, so that it matches only "
        "unquoted; where there is nothing AWS answers NoSuchKey.",
    ),
    "capitals_in_the_host": Difference(
        "403 SignatureDoesNotMatch",
        "Ceph signs the name as it is written; names have no case (RFC 3986, 3.2.2), and a person "
        "who writes LOCALHOST means the host that was signed.",
    ),
    "the_framing_of_a_request": Difference(
        "alone aws-chunked, with gzip aws-chunked,gzip",
        "Ceph keeps aws-chunked, which was about the request; AWS leaves it out, since readers "
        "would not know what to do with it.",
    ),
    "a_long_name": Difference(
        "1,900 bytes 200, 2,100 bytes 200",
        "Ceph has no limit of its own for what is said of a file; AWS keeps 2 KB of it.",
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
