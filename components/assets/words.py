"""What the assets page says, and the dialog "Create asset"."""

TITLE = "Assets"
PURPOSE = "What is in Content Hub: find an asset, look at it, publish it, go on with it."
READING = "Asking for the assets"

# Where to look -------------------------------------------------------------------------------

REPOSITORY = "Repository"
FOLDER = "Folder"
ALL_FOLDERS = "All folders"
FOLDERS_CUT = "There are more folders than are listed here."
FOLDERS_UNREAD = "The folders could not be read, so the whole repository is shown."
SEARCH = "Search"
SEARCH_HINT = "Name, label, file name or tag"
SEARCH_HELP = 'Finds assets with any of the words, newest first. Put a phrase into "quotes".'
VIEW = "Show as"
VIEWS = {"grid": "Pictures", "table": "Table"}
REFRESH = "Read again"
TRY_AGAIN = "Try again"
OPEN_IN_PLAYGROUND = "Open in playground"
NO_REPOSITORIES = (
    "These credentials reach no repository. Ask for an asset-store permission, then try again."
)

# Folders -------------------------------------------------------------------------------------

NEW_FOLDER = "New folder"
FOLDER_NAME = "Name of the new folder"
FOLDER_IN = "It is made in {place}."
CREATE_FOLDER = "Create folder"
FOLDER_NAMELESS = "Give the folder a name."
FOLDER_TAKEN = "{place} has a folder named {name} already. Choose another name."
FOLDER_MADE = "The folder {name} is made, and shown below."

# The list ------------------------------------------------------------------------------------

SHOWN = {"one": "1 asset", "other": "{count} assets"}
SHOWN_SO_FAR = "The first {count} assets"
SHOWN_OF = "{count} of {total} assets found"
SHOW_MORE = "Show {count} more"
OPEN_ASSET = "Open {name}"
THUMB_ALT = "Thumbnail of {name}"
NO_THUMB = "No picture"
PUBLISHED = ":material/public: Published"
NOT_PUBLISHED = ":material/visibility_off: Not published"
TABLE_ALT = "Assets; choose a row to open it"
TABLE_HINT = "Choose a row to open its asset."
COLUMNS = ("Name", "Label", "File name", "Type", "Published", "Created", "Folder")
YES_NO = {True: "Yes", False: "No"}
EMPTY_TITLE = "Nothing here yet"
EMPTY = "Upload a file and press “Create asset” on its card; it then appears here."
UPLOAD = "Upload a file"
NOTHING_FOUND_TITLE = "No asset found"
NOTHING_FOUND = "Nothing in {place} has {keyword} in its name, label, file name or tags."
CLEAR_SEARCH = "Clear the search"

# One asset -----------------------------------------------------------------------------------

BACK = "Back to the assets"
NOT_FOUND_TITLE = "This asset is not here"
NOT_FOUND = (
    "The account has no asset with this address. It may have been deleted, or it belongs to "
    "another connection."
)
FACTS = {
    "name": "Name",
    "label": "Label",
    "filename": "File name",
    "type": "Type",
    "mime_type": "Content type",
    "published": "Published",
    "status": "Status",
    "revision": "Revision",
    "created": "Created",
    "repository": "Repository",
    "folder": "Folder",
    "tags": "Tags",
}
NO_FOLDER = "none: top of the repository"
ASSET_ID = "Asset id"
ASSET_UUID = "UUID for delivery"
LINK = "Link to this page"
NEXT = "What comes next"
OPEN_FILE = "Open the file"
REMOVE_BACKGROUND = "Remove background"
TAKING = "Copying the picture to a temp file"
PUBLISH = "Publish"
PUBLISH_AGAIN = "Publish again"
PUBLISHING_NOW = "Asking for it to be published"
PUBLISHING = "Publishing was asked for: job {job}."
DELETE = "Delete"
DELETE_TITLE = "Delete {name} for good?"
DELETE_WARNING = (
    "It is removed from Content Hub for everybody, and whatever uses it loses it. This cannot be "
    "undone."
)
DELETE_FOR_GOOD = "Delete for good"
KEEP = "Keep it"
DELETING = "Deleting it"
DELETED = "{name} is deleted."

# Create asset --------------------------------------------------------------------------------

CREATE_ASSET_TITLE = "Create asset"
ASSET_NAME = "Name"
ASSET_NAME_HELP = "Unique in the account. It becomes part of the delivery URL, so no extension."
ASSET_NAME_TAKEN = "An asset named {name} exists already. Names are unique in the account."
USE_FREE_NAME = "Use {name}"
ASSET_NAME_UNCHECKED = "Whether the name is free could not be checked."
ASSET_TYPE = "Type"
ASSET_TYPES = {"IMAGE": "Image", "VIDEO": "Video"}
ASSET_TYPE_UNSURE = "The file is neither for sure: choose what it is to be."
CREATE_IN_NO_FOLDER = "No folder: top of the repository"
TAGS = "Tags"
TAGS_HINT = "Type a tag and press Enter"
PUBLISH_AT_ONCE = "Publish it at once"
CREATE = "Create"
CREATING = "Creating the asset"
ASSET_CREATED = "{name} is in Content Hub."
IS_PUBLISHED = "It is published."
IS_NOT_PUBLISHED = "It is not published."
OPEN_ASSET_FILE = "Open the asset's file"
CLOSE = "Close"


def shown_text(count: int, total: int | None, *, more: bool) -> str:
    """Say how many assets are on show, and of how many."""
    if total is not None and total != count:
        return SHOWN_OF.format(count=count, total=total)
    if more:
        return SHOWN_SO_FAR.format(count=count)
    return SHOWN["one" if count == 1 else "other"].format(count=count)
