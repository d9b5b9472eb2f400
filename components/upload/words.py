"""What the upload page says, from its drop zone to its recent transfers."""

from components.words import (
    COPIED,
    COPY_LINK,
    LINK_ENDS,
    OPEN_LINK,
    TRANSFER_STATES,
    UNREADABLE,
    limits_text,
)

UPLOAD_TITLE = "Upload"
UPLOAD_PURPOSE = "Add any file and get a private download link that lasts one hour."
ONLY_LOOKING = "Your role lets you look but not upload. Ask an admin for the role uploader."

REMOVE_BACKGROUND = "Remove background"
CREATE_ASSET = "Create asset"

# How files are sent --------------------------------------------------------------------------

ADVANCED = "Advanced: how files are sent"
SEND_AS = "Send as"
AUTOMATIC = "Automatic"
SEND_AS_OPTIONS = {"automatic": AUTOMATIC, "single": "One PUT", "multipart": "Parts"}
PART_SIZE = "Part size in MiB"
PART_SIZE_HELP = (
    "For the next file. 0 for automatic: parts of some seconds each, smaller ones at the end. The "
    "service takes parts of {least} to {most} MiB."
)
PARALLEL = "Parts at once"
PARALLEL_HELP = (
    "Halved whenever the store asks to slow down (429, 503), raised again as parts arrive."
)
ROUTE = "Route"
ROUTE_OPTIONS = {"automatic": AUTOMATIC, "direct": "Direct", "relay": "Through this app"}
ROUTE_HELP = (
    "Automatic sends parts straight to the store and goes through this app only where the store "
    "does not let this page in."
)
RATE_CAP = "At most, in MB per second"
RATE_CAP_HELP = (
    "0 for no limit. A browser cannot slow a part down, so parts then go one at a time, each at "
    "full speed, and the next one waits until the average is low enough. Smaller parts make it "
    "smoother."
)
CHECK_PARTS = "Check every part (Content-MD5)"
CHECK_PARTS_HELP = (
    "Each part is sent with its MD5, so that the store refuses what was damaged on the way. Left "
    "out where a store does not take the header."
)
WHOLE_SHA256 = "SHA-256 of the whole file"
WHOLE_SHA256_HELP = (
    "Computed from the file on this machine, to hold against a download. The file is read a second "
    "time, and the upload completes once the digest is known."
)


# The uploader --------------------------------------------------------------------------------

UPLOADER = {
    "drop_label": "Add files",
    "drop_title": "Drop files here",
    "drop_hint": "anywhere on this page, or a folder, or choose below, or paste with {keys}",
    "drop_anywhere": "Drop to upload",
    "choose": "Choose files",
    "choose_folder": "Choose a folder",
    "sample_image": "Sample image",
    "sample_video": "Sample video",
    "sample_size": "Size of the sample video",
    "limits": "",
    "too_many": "These are {count} files. At most {limit} can be added at once, so the first "
    "{limit} were added. Add the others afterwards.",
    "unsent": {
        "one": "1 file was chosen and had not begun when this page was left: {names}. Choose it "
        "again to send it.",
        "other": "{count} files were chosen and had not begun when this page was left: {names}. "
        "Choose them again to send them.",
    },
    "close": "Close",
    "cleared": {
        "one": "1 file was taken off the list. A link goes on working until it ends.",
        "other": "{count} files were taken off the list. Links go on working until they end.",
    },
    "undo": "Undo",
    "twins": {
        "one": "“{name}” is in the list already, so it was not added again.",
        "other": "“{name}” and others are in the list already: {count} files were not added again.",
    },
    "add_twins": "Add all the same",
    "folder_empty": "There is nothing to upload in this folder: no files, or hidden ones only.",
    **UNREADABLE,
    "transfers_label": "Files",
    "files_done": {"one": "{done} of 1 file done", "other": "{done} of {count} files done"},
    "files_failed": "{failed} failed",
    "all_sent": "{sent} of {total} sent, {confirmed} confirmed",
    "cancel_all": "Cancel all",
    "cancel_question": {
        "one": "Cancel 1 file that is not done yet?",
        "other": "Cancel {count} files that are not done yet?",
    },
    "cancel_them": "Cancel them",
    "go_on": "Go on",
    "files_waiting": {"one": "1 more file is waiting", "other": "{count} more files are waiting"},
    "tray_label": "Upload on its way",
    "overall_progress": "Upload of {name}",
    "parts_done": {"one": "1 part", "other": "{done} of {count} parts done"},
    "parts_so_far": {
        "one": "{done} of 1 part so far done",
        "other": "{done} of {count} parts so far done",
    },
    "parts_there": {"one": "1 part done", "other": "{count} parts done"},
    "share": "{percent} % sent, {there} % confirmed",
    "share_sent": "{percent} % sent",
    "bytes_of": "{bytes} of {total}",
    "time_left": "about {time} left",
    "no_byte": "nothing has moved for {time}",
    "no_answer_for": "no answer for {time}, up to {patience} are waited for",
    "repeated": {"one": "1 part is sent again", "other": "{count} parts are sent again"},
    "repeated_single": "sent again from the beginning: {bytes} so far",
    "starts_anew": "Resume starts again from the beginning",
    "cancel": "Cancel",
    "remove": "Remove from the list",
    "pause": "Pause",
    "resume": "Resume",
    "retry": "Retry what failed",
    "restart": "Start again with new links",
    # Notices
    "links_expire": "Links expire in {time}, at {clock}.",
    "links_expire_soon": "Links expire soon: in {time}, at {clock}.",
    "links_expired": "The links expired at {clock}.",
    "late": "At this speed {time} are missing until the links expire. Raise “Parts at once” under "
    "Advanced, pause other uploads, or use a faster line. If the links expire, everything has to "
    "be sent again.",
    "fresh_start": {
        "one": "1 part ({bytes}) had arrived. New links start from zero: all {size} are sent "
        "again.",
        "other": "{count} parts ({bytes}) had arrived. New links start from zero: all {size} are "
        "sent again.",
    },
    "fresh_start_only": "New links start from zero: all {size} are sent again.",
    "slowed": "The store asked to slow down: {limit} of {parallel} parts at once.",
    "rate_cap": "Sent at {rate} at most, as set under Advanced.",
    "relayed": {
        "cors": "Sent through this app: the store does not let this page read its answers (CORS).",
        "etag": "Sent through this app: the store does not let this page read its ETags.",
        "chosen": "Sent through this app, as set under Advanced.",
    },
    "lost": "Another window has taken this upload over. It goes on there; this window sends "
    "nothing more of it.",
    "resumed_as": "These are the bytes of “{name}”, which was not finished: that upload goes on, "
    "under its name, and only what is missing is sent.",
    "unlike": "The unfinished upload of this name is not gone on with. {why}",
    "waits_for_hash": "All parts are there. The SHA-256 of the file is still being computed.",
    "sha256": "SHA-256: {sha256}",
    # Links
    "copy_link": COPY_LINK,
    "open_link": OPEN_LINK,
    "remove_background": REMOVE_BACKGROUND,
    "create_asset": CREATE_ASSET,
    "details": "Details",
    "link_ends": LINK_ENDS,
    "sent_from": "Its bytes are those of “{name}”.",
    "copy_all": "Copy all links",
    "links_copied": {"one": "1 link copied", "other": "{count} links copied"},
    "links_csv": "Links as CSV",
    "clear_finished": "Clear finished",
    "all_links": {"one": "Show the link", "other": "Show all {count} links"},
    "fewer_links": "Show the newest links only",
    # Remembered transfers
    "unfinished_label": "Not finished",
    "not_finished": "Not finished:",
    "record_bytes": "{bytes} of {size} ({percent} %)",
    "record_left": "{left} left to send",
    "choose_again": "Choose the file again",
    "discard": "Discard",
    "discard_nothing": "Discard this upload? Nothing of it has arrived.",
    "discard_question": {
        "one": "Discard 1 part already sent?",
        "other": "Discard {count} parts already sent?",
    },
    "keep": "Keep",
    "elsewhere": "Being sent in another window",
    # Parts
    "table_label": "Parts of {name}",
    "columns": ["Part", "Bytes", "Size", "Status", "Progress", "Tries", "Speed", "ETag"],
    "part_progress": "Part {part}",
    "retry_part": "Retry part {part}",
    "retry_part_short": "Retry",
    "show": "Show",
    "filters": {
        "all": "All",
        "waiting": "Waiting",
        "sending": "Sending",
        "retrying": "Retrying",
        "done": "Done",
        "failed": "Failed",
    },
    "none_of_status": "No part has this status now.",
    "jump": "Jump to the failing part",
    "copy_csv": "Copy as CSV",
    "copied": COPIED,
    "not_copied": "The browser does not allow copying here",
    "tries_of": "Tries of part {part}",
    "open_tries": {
        "one": "{count} try of part {part}",
        "other": "{count} tries of part {part}",
    },
    "tries_columns": ["Try", "Started", "Time", "Status", "Code", "Request id", "Route"],
    "no_answer": "no answer",
    "routes": {"direct": "direct", "relay": "through this app"},
    "strip_label": "Parts of {name}: {counts}",
    "strip_cell": "Part {part}: {status}",
    "timeline": "Timeline",
    "timeline_hint": "Point at a bar, or use the arrow keys, to see its part and try.",
    "timeline_keys": "Tries over time. The arrow keys go from try to try.",
    "timeline_summary": "{tries} of {parts} in {seconds}, {failed} of them failed. The numbers in "
    "the column Tries above open the same as a table.",
    "timeline_try": "Part {part}, try {number}: {answer}. Began at {start}, took {seconds}.",
    "tries_count": {"one": "1 try", "other": "{count} tries"},
    "parts_count": {"one": "1 part", "other": "{count} parts"},
    "from_to": "{least} to {most}",
    "parts_sized": {"one": "1 part", "other": "{count} parts of {each}"},
    "status": {
        "waiting": "Waiting",
        "sending": "Sending",
        "repeating": "Sending (try {tries})",
        "answering": "Sent, waiting for answer",
        "retrying": "Retrying (try {tries} failed)",
        "done": "Done",
        "failed": "Failed",
        "cancelled": "Cancelled",
    },
    "status_count": {
        "waiting": "waiting",
        "sending": "sending",
        "retrying": "retrying",
        "done": "done",
        "failed": "failed",
        "cancelled": "cancelled",
    },
    "states": TRANSFER_STATES,
    "announce": {
        "planning": "Asking for upload links for {name}",
        "began": "Sending {name}",
        "sending": "{name}: {percent} percent sent",
        "resumed": "{name} goes on",
        "anew": "{name} starts again from the beginning",
        "offline": "{name} waits for the network",
        "away": "{name}: the app does not answer, waiting for it",
        "signed-out": "{name} waits until you are signed in again",
        "answering": "{name}: waiting for the store's answer",
        "paused": "{name} is paused",
        "paused_anew": "{name} is paused. It will start again from the beginning",
        "completing": "{name}: putting the parts together",
        "done": "{name} is uploaded. Its link can be copied",
        "failed": "{name} failed",
        "cancelled": "{name} was cancelled",
        "lost": "{name} is now sent by another window",
    },
}


def uploader_words(single_limit: int, multipart_limit: int) -> dict[str, object]:
    """The uploader's words, with the limits of the service in use."""
    return {**UPLOADER, "limits": limits_text(single_limit, multipart_limit)}


# Results -------------------------------------------------------------------------------------

PREVIEW_ALT = "Preview of {name}"
NO_PREVIEW = "No preview: the link has expired."
NO_PREVIEW_OF = "No preview: browsers do not show {content_type}."
DETAILS = "Details: size, ETag, what was sent"
FACT_SIZE = "Size"
FACT_TYPE = "Content type"
FACT_ETAG = "ETag"
FACT_PARTS = "Parts"
FACT_DOWNLOAD_NAME = "Name of the download"
NO_DOWNLOAD_NAME = "none. The store gives this file no name, so a browser makes one of the link"
NO_DOWNLOAD_NAME_IN_PARTS = (
    "none. A file sent in parts cannot be given one through this API, so a browser makes one of "
    "the link"
)
SHA256_OF_FILE = "SHA-256 of the file, computed by the browser"
XML_SENT = "CompleteMultipartUpload sent"
XML_ANSWER = "Answer of the store"
FALSE_IMAGE = (
    "{name} has the name of an image, but its bytes are not those of one, so it was stored as "
    "{content_type}. Background removal will refuse it."
)
NOT_AN_IMAGE_WHEN_ASSEMBLED = (
    "Files sent in parts are stored as {content_type}, so background removal refuses this one. "
    "Send images as one PUT."
)

# Copy as -------------------------------------------------------------------------------------

COPY_AS = "Copy as: curl, Python, CSV of parts, HAR"
COPY_AS_TABS = ("curl", "Python", "CSV of parts", "HAR")
AS_CURL = "The same upload: bash 4.4, curl 7.76, python3. Credentials come from the environment."
AS_PYTHON = "The same upload: Python 3.9 and requests. Credentials come from the environment."
AS_CSV = "Every part with its bytes and its ETag."
AS_HAR = "The requests of this transfer as an HTTP archive; every secret is masked."
NOTHING_KEPT = "Nothing of this is remembered of this transfer."
DOWNLOAD_FILE = "Download {name}"

# Next steps ----------------------------------------------------------------------------------

OPEN_IN_PLAYGROUND = "Open in playground"
CHECK_DOWNLOAD = "Check the download"
CHECKING = "Checking the download: {done} of {size}"
CHECK_GOOD = "The download is what was uploaded"
CHECK_BAD = "The download is not what was uploaded"
CHECK_FACTS = {"size": "Size", "etag": "ETag", "sha256": "SHA-256", "md5": "MD5 against the ETag"}
FINDINGS = {
    "same": ":material/check: **{label}**: as uploaded{found}",
    "differs": ":material/close: **{label}**: differs{found}",
    "unknown": ":material/remove: **{label}**: nothing to compare with{found}",
}
FOUND = ", {found}"
SHA256_OF_DOWNLOAD = "SHA-256 of the download"

# One transfer by its address ---------------------------------------------------------------

SELECTED_TITLE = "Details"
SELECTED_CLOSE = "Close details"
SELECTED_UNKNOWN = (
    "None of your transfers has this address. It may belong to somebody else, or it is forgotten: "
    "the newest are remembered only."
)
SELECTED_ON_ITS_WAY = "{name} is on its way. Its card above says how far it is."
SELECTED_INTERRUPTED = (
    '{name} is not finished. Press "Choose the file again" on its card above to go on; only what '
    "is missing is sent."
)
SELECTED_TOO_LATE = (
    "{name} was not finished before its links expired, so what was sent is gone. Choose the file "
    "again to upload it with new links."
)
SELECTED_CANCELLED = "{name} was cancelled. Choose the file again to upload it."
