"""What a file is, told from its first bytes, what it claims to be, and its name: one table.

The client stores a temp file under the type that is told here, the service gives an asset its
`mimeType` by it, and background removal decides by it what is a picture.

- Where bytes decide, they win: a PNG named `.jpg` is a PNG.
- Where they show a container only, such as ZIP, Matroska or MP4, a claimed type that lives in such
  a container stays.
- Where they decide nothing, the claimed type stays; only a picture whose kind shows in its bytes
  has to show it.

Sources: the IANA registry of media types; RFC 9559 (Matroska); ISO/IEC 14496-12 and the registry of
its brands at mp4ra.org; ISO/IEC 23008-12 (HEIF); PKWARE's APPNOTE (ZIP); ECMA-376 (Office); RFC
6839 (`+zip`); Microsoft's BITMAPFILEHEADER.
"""

from content_types.choice import (
    HEAD_SIZE,
    UNKNOWN,
    content_type_of,
    is_false_image,
    type_by_name,
)
from content_types.table import IMAGE_ENDINGS, IMAGE_ROUTE_TYPES

__all__ = [
    "HEAD_SIZE",
    "IMAGE_ENDINGS",
    "IMAGE_ROUTE_TYPES",
    "UNKNOWN",
    "content_type_of",
    "is_false_image",
    "type_by_name",
]
