"""Every sentence of the background page."""

from components.words import UNREADABLE

TITLE = "Background removal"
PURPOSE = (
    "Give a picture, see its subject cut out, put right what is wrong, and take the result along."
)
LOOKING = (
    "You may look but not upload: ask an admin for the uploader role to remove backgrounds here."
)

MOST_AT_ONCE = 50

DROP = {
    "label": "Add pictures",
    "title": "Drop pictures here",
    "hint": "anywhere on this page, or choose below, or paste with {keys}",
    "drop_anywhere": "Drop to upload",
    "choose": "Choose pictures",
    "sample_drawn": "Sample: drawn",
    "samples": {
        "astronaut.jpg": "Sample: portrait",
        "cat.jpg": "Sample: cat (difficult)",
    },
    "limits": "",
    "limit": "",
    "rows_label": "Pictures on their way",
    "upload_of": "Upload of {name}",
    "retry": "Retry",
    "cancel": "Cancel",
    "cancel_of": "Cancel {name}",
    "no_picture": "“{name}” is no picture ({type}). Choose a JPEG, PNG or WebP.",
    "unknown_type": "unknown type",
    "too_large": "“{name}” has {size}. Background removal takes pictures of up to {limit}.",
    "too_many": "These are {count} pictures. {limit} can be added at once, so the others were left "
    "out. Add them afterwards.",
    "states": {},
    **UNREADABLE,
}
LIMITS = "JPEG, PNG, WebP, GIF, TIFF, BMP or JPEG 2000, up to {size} and 25 megapixels"

RECENT = "Or a picture you uploaded before"
RECENT_NONE = "Choose a picture"
NO_PICTURE_TITLE = "Choose a picture first"
NO_PICTURE = "Use a file you just uploaded or add a new one. It takes one click with a sample."

# The chain
CHAIN_TITLE = "What happens"
UPLOAD_STEP = "Upload"
STEPS = {
    "fetch": "Fetched by this app",
    "preview": "Preview made here",
    "remove": "removeBackgroundFromImage",
    "result": "Result fetched",
}
REMOVE_HERE_STEP = "Cut out on this machine"
STEP_STATES = {"waiting": "waiting", "running": "running", "done": "done", "failed": "failed"}
STEP_SECONDS = "{seconds:.1f} s"
COST = {0: "no credit", 1: "1 credit"}
CREDITS_LEFT = "{count} left"
PREVIEWING = "Making a preview on this machine"
REMOVING = "Removing the background"
STILL_PREVIEW = (
    "This is a quick preview by this machine's own engine. It cost nothing and was not sent "
    "anywhere else."
)
REMOVE = "Remove background · 1 credit"
REMOVE_HERE = "Use this machine's engine instead · no credit"
REMOVE_ALL = "Remove {count} backgrounds · {count} credits"
TRY_AGAIN = "Try again"

# Facts
CONFIDENCE = {
    "good": ":green-badge[:material/check_circle: Good]",
    "check edges": ":orange-badge[:material/visibility: Check edges]",
    "likely wrong": ":red-badge[:material/warning: Likely wrong]",
}
UNKNOWN_CONFIDENCE = ":gray-badge[:material/help: The engine does not say how sure it is]"
FACT_ENGINE = "Engine"
FACT_SIZE = "Pixels"
FACT_FILE = "Result"
FACT_NOTES = "Done to the picture"
PIXELS = "{width:,} by {height:,}"

# Fixing
FIX_TITLE = "Put it right"
FIX_PURPOSE = (
    "Paint with Keep or Remove above: what you paint is added to the cut-out. Or pick another cut."
)
OTHER_CUTS = "Try another cut"
LOOKING_FOR_CUTS = "Looking for other cuts"
OTHER_CUTS_HELP = "Other guesses of this machine's engine at what the subject is. No credit."
CUT_AS_IT_CAME = "As it came"
CUT_NAME = "Cut {number}"
CUT_ALT = "{cut} of {name}"
USE = "Use"
IN_USE = "in use"
HOLES = "Holes in the subject"
HOLE_CHOICES = {"as-is": "As they are", "fill": "Fill them", "punch": "Punch them out"}
EDGE = "Edge"
EDGE_CHOICES = {"thin": "Sharp", "normal": "Normal", "hair": "Hair and fur"}
ALL_AS_IT_CAME = "Undo all changes"

# Finishing
FINISH_TITLE = "Take it along"
CROP = "Crop to the subject"
MARGIN = "Margin, % of the subject"
SHADOW = "Shadow"
SHADOWS = {"none": "None", "drop": "Drop shadow", "contact": "On the ground"}
BEHIND = "Behind the subject"
BEHIND_NOTHING = "Nothing: transparent"
BEHIND_SHOWN = "The backdrop shown above"
BACKDROPS = {
    "none": "checkerboard, so transparent",
    "colour": "{colour}",
    "gradient": "{colour} to {second}",
    "image": "your picture",
    "blur": "the blurred original",
}
BACKDROP_IMAGE = "A picture to put behind"
FORMAT = "File format"
FORMATS = {
    "png": "PNG",
    "webp-lossless": "WebP, lossless",
    "webp": "WebP",
    "jpeg": "JPEG (no transparency)",
    "zip": "Zip: colour and alpha apart",
}
QUALITY = "Quality"
SIZE = "Longest side in pixels"
SIZE_HINT = "as the original: {longest:,}"
FINISHED_ALT = "{name} as it will be saved"
FINISHED_CAPTION = "As it will be saved, made smaller"
DOWNLOAD = "Download {name}"
CREATE_ASSET = "Create asset"
CREATE_ASSET_HELP = "Uploads the finished picture as a temp file, then asks for name and folder."
UPLOADING_FINISHED = "Uploading the finished picture"
RESULT_LINK = "Link to the result as the API made it"
NO_RESULT_LINK = (
    "It was cut out on this machine, so there is no link to it. Create asset uploads it."
)
MUTATION = "The mutation that was run"
MUTATION_CAPTION = "Signatures are left out of the variables here; the copy has them masked too."

# Several pictures
GRID_TITLE = "Pictures"
GRID_CAPTION = "{done} of {count} pictures done"
OPEN = "Open"
OPENED = "Shown below"
RUN_STATES = {
    "waiting": "Waiting",
    "running": "Working",
    "preview": "Preview",
    "done": "Done",
    "failed": "Failed",
}
THUMB_ALT = {"done": "Cut-out of {name}", "other": "{name}"}
DOWNLOAD_ALL = "Download all as zip"
FORGET = "Dismiss"
