import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from client.errors import (
    EmptyFileError,
    EtagMismatchError,
    FileChangedError,
    FileMissingError,
    LinkExpiredError,
    PartFailedError,
    PartSizeError,
    ServiceDownError,
    SizeMismatchError,
    SizeOverLimitError,
    SizeOverSingleError,
    TransferCancelledError,
)
from client.transfers.events import (
    BytesSent,
    Completed,
    EtagDiffers,
    Event,
    PartDone,
    PartFailed,
    PartRetried,
    PartStarted,
    Planned,
)
from client.transfers.source import SMALLEST_BLOCK, SourceFile
from client.transfers.upload import upload_file
from client.wire.http import BLOCK
from tests.client.scripted_endpoint import (
    Action,
    Handler,
    ScriptedEndpoint,
    answer,
    drop,
    s3_error,
    slow,
)

EXPIRED = answer(403, s3_error("AccessDenied", "Request has expired"))


def test_parts_arrive_joined_in_order_and_the_receipt_tells_of_them(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    receipt = upload_file(endpoint.api(), clip, part_size=30, parallel=3)
    assert endpoint.stored == clip.read_bytes()
    assert [(number, size) for number, size, _ in receipt.parts] == [
        (1, 30),
        (2, 30),
        (3, 30),
        (4, 10),
    ]
    assert receipt.size == 100
    assert receipt.etag == endpoint.etag
    assert receipt.complete_xml
    assert receipt.seconds is not None


def test_a_single_put_carries_its_content_type_and_parts_carry_none(
    endpoint: ScriptedEndpoint, picture: Path, clip: Path
) -> None:
    receipt = upload_file(endpoint.api(), picture)
    assert endpoint.last("single").headers["Content-Type"] == "image/png"
    assert receipt.content_type == "image/png"
    assert receipt.complete_xml is None
    upload_file(endpoint.api(), clip)
    assert "Content-Type" not in endpoint.last("part 1").headers


def test_storage_never_sees_the_bearer_token(
    endpoint: ScriptedEndpoint, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    upload_file(endpoint.api(), clip, part_size=60)
    for what in ("part 1", "part 2", "complete", "object"):
        assert "Authorization" not in endpoint.last(what).headers
    assert endpoint.last("graphql").headers["Authorization"] == "Bearer eyJraWQi.token.1"


def test_every_body_has_a_content_length_and_is_not_chunked(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    upload_file(endpoint.api(), clip, part_size=60)
    headers = endpoint.last("part 2").headers
    assert headers["Content-Length"] == "40"
    assert "Transfer-Encoding" not in headers


@pytest.mark.parametrize(
    "failure",
    [
        drop,
        answer(500, s3_error("InternalError")),
        answer(503, s3_error("SlowDown")),
        answer(429, Retry_After="0"),
        answer(400, s3_error("RequestTimeout")),
        answer(502, b"<html>"),
    ],
)
def test_a_part_that_fails_four_times_is_sent_again_until_it_arrives(
    endpoint: ScriptedEndpoint, clip: Path, failure: Action
) -> None:
    endpoint.on("part 2", *[failure] * 4)
    events: list[Event] = []
    upload_file(endpoint.api(), clip, part_size=30, parallel=2, on_event=events.append)
    assert endpoint.stored == clip.read_bytes()
    assert [event.tries for event in events if isinstance(event, PartRetried)] == [1, 2, 3, 4]


def test_a_part_that_keeps_failing_ends_the_transfer_and_nothing_is_completed(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    endpoint.on("part 2", *[answer(500, s3_error("InternalError"))] * 9)
    with pytest.raises(PartFailedError, match=r"Part 2 of 4 .* did not arrive in 5 tries") as info:
        upload_file(endpoint.api(), clip, part_size=30)
    assert info.value.details["storage_code"] == "InternalError"
    assert (info.value.details["part"], info.value.details["tries"]) == (2, 5)
    assert endpoint.times("complete") == 0


def test_other_refusals_are_not_tried_again(endpoint: ScriptedEndpoint, clip: Path) -> None:
    endpoint.on("part 1", answer(404, s3_error("NoSuchUpload")))
    with pytest.raises(PartFailedError, match="NoSuchUpload"):
        upload_file(endpoint.api(), clip, part_size=30)
    assert endpoint.times("part 1") == 1


def test_an_expired_url_says_what_a_fresh_start_costs(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    endpoint.on("part 3", EXPIRED)
    with pytest.raises(LinkExpiredError, match=r"2 of 4 parts \(60 bytes\).* all 100 bytes"):
        upload_file(endpoint.api(), clip, part_size=30)
    assert endpoint.times("part 3") == 1


def test_events_tell_the_whole_story_in_order(endpoint: ScriptedEndpoint, clip: Path) -> None:
    events: list[Event] = []
    receipt = upload_file(endpoint.api(), clip, part_size=60, on_event=events.append)
    kinds = [type(event) for event in events if not isinstance(event, BytesSent)]
    assert kinds == [Planned, PartStarted, PartDone, PartStarted, PartDone, Completed]
    assert events[-1] == Completed(receipt)


def test_progress_of_a_part_ends_at_its_size(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(3 * BLOCK))
    endpoint.min_part_size = BLOCK
    events: list[Event] = []
    upload_file(endpoint.api(), path, on_event=events.append)
    sent = [event.sent for event in events if isinstance(event, BytesSent)]
    assert sent == sorted(sent)
    assert (sent[0], sent[-1]) == (0, 3 * BLOCK)


def test_a_failing_listener_ends_the_transfer_with_its_own_error(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, PartDone):
            raise KeyError("listener")

    with pytest.raises(KeyError, match="listener"):
        upload_file(endpoint.api(), clip, on_event=listen)


def test_content_md5_is_sent_where_the_store_takes_it(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    api = endpoint.api()
    upload_file(api, clip, part_size=60)
    assert api.content_md5.taken
    assert endpoint.last("part 2").headers["Content-MD5"]


def test_a_store_that_refuses_content_md5_is_asked_once(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    endpoint.takes_content_md5 = False
    api = endpoint.api()
    upload_file(api, clip, part_size=30)
    assert api.content_md5.taken is False
    assert endpoint.stored == clip.read_bytes()
    assert endpoint.times("part 1") == 2
    assert endpoint.times("part 2") == 1


def test_damaged_bytes_give_etag_mismatch(endpoint: ScriptedEndpoint, clip: Path) -> None:
    endpoint.on("part 1", answer(400, s3_error("BadDigest")))
    with pytest.raises(EtagMismatchError, match="Part 1 of"):
        upload_file(endpoint.api(), clip)
    assert endpoint.times("complete") == 0


def test_an_etag_that_is_not_the_md5_is_told_and_used_as_received(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    def other_etag(handler: Handler) -> None:
        handler.endpoint.parts[1] = handler.body
        handler.reply(200, headers={"ETag": '"' + "0" * 32 + '"'})

    endpoint.on("part 1", other_etag)
    events: list[Event] = []
    receipt = upload_file(endpoint.api(), clip, on_event=events.append)
    assert [event.etag for event in events if isinstance(event, EtagDiffers)] == [
        '"' + "0" * 32 + '"'
    ]
    assert '<ETag>"00000000000000000000000000000000"</ETag>' in (receipt.complete_xml or "")


def test_a_part_answered_without_an_etag_fails(endpoint: ScriptedEndpoint, clip: Path) -> None:
    endpoint.on("part 1", answer(200))
    with pytest.raises(PartFailedError, match="without an ETag"):
        upload_file(endpoint.api(), clip)


def test_an_object_of_another_size_is_an_error(endpoint: ScriptedEndpoint, clip: Path) -> None:
    endpoint.on("object", answer(206, b"x", Content_Range="bytes 0-0/99", ETag='"e"'))
    with pytest.raises(SizeMismatchError, match=r"has 100 bytes; .* has 99"):
        upload_file(endpoint.api(), clip)


def modify_while_sending(path: Path) -> None:
    path.write_bytes(bytes(100))


def shrink_while_sending(path: Path) -> None:
    os.truncate(path, 10)


def vanish_while_sending(path: Path) -> None:
    path.unlink()


def replace_while_sending(path: Path) -> None:
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    os.utime(copy, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    copy.replace(path)


@pytest.mark.parametrize(
    "change",
    [modify_while_sending, shrink_while_sending, vanish_while_sending, replace_while_sending],
)
@pytest.mark.parametrize("moment", [1, 4])
def test_a_file_that_changes_is_never_completed(
    endpoint: ScriptedEndpoint, clip: Path, change: Callable[[Path], None], moment: int
) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, PartDone) and event.number == moment:
            time.sleep(0.01)
            change(clip)

    with pytest.raises(FileChangedError, match="clip of mine"):
        upload_file(endpoint.api(), clip, part_size=30, on_event=listen)
    assert endpoint.times("complete") == 0


def test_a_cancelled_transfer_stops_and_says_what_had_arrived(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    cancel = threading.Event()
    endpoint.on("part 3", slow(30))

    def listen(event: Event) -> None:
        if isinstance(event, PartStarted) and event.number == 3:
            cancel.set()

    started = time.monotonic()
    with pytest.raises(TransferCancelledError, match="after 2 of 4 parts"):
        upload_file(endpoint.api(), clip, part_size=30, parallel=1, on_event=listen, cancel=cancel)
    assert time.monotonic() - started < 5
    assert endpoint.times("complete") == 0


def test_a_failure_stops_the_other_parts(endpoint: ScriptedEndpoint, clip: Path) -> None:
    endpoint.on("part 1", answer(404, s3_error("NoSuchUpload")))
    events: list[Event] = []
    with pytest.raises(PartFailedError):
        upload_file(endpoint.api(), clip, part_size=5, on_event=events.append)
    assert [event.number for event in events if isinstance(event, PartFailed)] == [1]
    assert endpoint.times("part 20") == 0


def test_unusable_files_are_refused_before_any_request(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(EmptyFileError, match="0 bytes"):
        upload_file(endpoint.api(), empty)
    with pytest.raises(FileMissingError, match="nowhere"):
        upload_file(endpoint.api(), tmp_path / "nowhere")
    with pytest.raises(FileMissingError):
        upload_file(endpoint.api(), tmp_path)
    assert endpoint.seen == []


def test_sizes_over_the_limits_are_refused_before_any_request(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api(multipart_limit=2_147_483_648)
    with pytest.raises(SizeOverLimitError, match="2,147,483,649") as info:
        api.plan_upload("film", 2_147_483_649, "video/mp4")
    assert info.value.code == "size-over-2gb"
    with pytest.raises(SizeOverSingleError, match="51 bytes"):
        api.plan_upload("film", 51, "video/mp4", kind="single")
    assert endpoint.seen == []


def test_a_part_size_out_of_bounds_names_the_bounds(endpoint: ScriptedEndpoint, clip: Path) -> None:
    with pytest.raises(PartSizeError, match=r"3 bytes; .* must be 4 to 2,147,483,648") as info:
        upload_file(endpoint.api(), clip, part_size=3)
    assert info.value.details == {"part_size": 3, "least": 4, "most": 2_147_483_648}


def test_a_silent_store_is_given_up_with_its_host(clip: Path, endpoint: ScriptedEndpoint) -> None:
    endpoint.on("part 1", *[drop] * 9)
    with pytest.raises(PartFailedError, match=r"127\.0\.0\.1"):
        upload_file(endpoint.api(), clip)
    with pytest.raises(ServiceDownError, match="no connection could be made") as info:
        endpoint.api(token_url="http://127.0.0.1:9/token").tokens.token()
    assert info.value.details["host"] == "127.0.0.1:9"


def test_blocks_grow_while_the_network_is_quick_and_shrink_when_it_is_slow(
    tmp_path: Path,
) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(bytes(8 * BLOCK))
    with SourceFile(path).part(0, 8 * BLOCK, lambda _count: None) as reader:
        sizes = [len(reader.read(BLOCK)) for _ in range(6)]
        assert sizes == [SMALLEST_BLOCK << step for step in (0, 1, 2, 3, 4, 4)]
        time.sleep(1.1)
        assert len(reader.read(BLOCK)) == BLOCK // 2


def complete_again(handler: Handler) -> None:
    handler.endpoint.completed = False
    handler.carry_on()


def test_threads_share_one_token_and_one_introspection(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    api = endpoint.api()
    endpoint.on("complete", *[complete_again] * 4)
    threads = [threading.Thread(target=upload_file, args=(api, clip)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert endpoint.times("complete") == 4
    assert endpoint.times("token") == 1
    assert endpoint.times("introspection") == 1
