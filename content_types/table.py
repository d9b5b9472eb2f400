"""The table itself: names, families of types that share a container, magic numbers, brands.

Families are patterns of whole types in lower case.
"""

import re
from typing import NamedTuple

IMAGE_ROUTE_TYPES = (
    "image/jpeg",
    "image/jpg",
    "image/png",
    "image/gif",
    "image/bmp",
    "image/jp2",
    "image/tiff",
    "image/webp",
)
"""Types of pictures that background removal takes (contract 6, Amplience's own list)."""

DOCUMENT = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

BY_ENDING = {
    "apk": "application/vnd.android.package-archive",
    "docm": "application/vnd.ms-word.document.macroenabled.12",
    "docx": f"{DOCUMENT}.wordprocessingml.document",
    "dotx": f"{DOCUMENT}.wordprocessingml.template",
    "epub": "application/epub+zip",
    "jar": "application/java-archive",
    "kmz": "application/vnd.google-earth.kmz",
    "odg": f"{OPEN_DOCUMENT}.graphics",
    "odp": f"{OPEN_DOCUMENT}.presentation",
    "ods": f"{OPEN_DOCUMENT}.spreadsheet",
    "odt": f"{OPEN_DOCUMENT}.text",
    "potx": f"{DOCUMENT}.presentationml.template",
    "ppsx": f"{DOCUMENT}.presentationml.slideshow",
    "pptm": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    "pptx": f"{DOCUMENT}.presentationml.presentation",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    "xlsx": f"{DOCUMENT}.spreadsheetml.sheet",
    "xltx": f"{DOCUMENT}.spreadsheetml.template",
    "csv": "text/csv",
    "3g2": "video/3gpp2",
    "3gp": "video/3gpp",
    "avi": "video/x-msvideo",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "m4v": "video/x-m4v",
    "mka": "audio/x-matroska",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "avif": "image/avif",
    "avifs": "image/avif",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "heic": "image/heic",
    "heics": "image/heic-sequence",
    "heif": "image/heif",
    "heifs": "image/heif-sequence",
    "hif": "image/heif",
    "jfif": "image/jpeg",
    "jp2": "image/jp2",
    "jpe": "image/jpeg",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
}
"""What names say, beyond or against what the machine's own list of types says."""

IMAGE_ENDINGS = tuple(
    ending for ending, content_type in BY_ENDING.items() if content_type.startswith("image/")
)
"""Endings of the names of pictures, in lower case and without the dot."""

SHOWN_BY_BYTES = frozenset(
    {
        *IMAGE_ROUTE_TYPES,
        "image/apng",
        "image/avif",
        "image/avif-sequence",
        "image/heic",
        "image/heic-sequence",
        "image/heif",
        "image/heif-sequence",
        "image/jpx",
        "image/jxl",
        "image/pjpeg",
        "image/svg+xml",
        "image/vnd.adobe.photoshop",
        "image/x-ms-bmp",
    }
)
"""Pictures whose kind is seen in their bytes, if they are what they claim to be."""


class Found(NamedTuple):
    """What the bytes say, and a pattern of the other types that such bytes may be as well."""

    content_type: str
    also: str = ""


ZIP = "application/zip"
ZIPPED = "|".join(
    (
        r".+\+zip",
        rf"{re.escape(DOCUMENT)}\..+",
        rf"{re.escape(OPEN_DOCUMENT)}\..+",
        r"application/vnd\.ms-(?:word|excel|powerpoint)\..+\.macroenabled\.12",
        r"application/vnd\.ms-(?:visio\..+|xpsdocument|package\..+|appx|officetheme)",
        r"application/vnd\.(?:visio|android\.package-archive|google-earth\.kmz|adobe\.air-.+)",
        r"application/vnd\.(?:apple\.(?:pages|numbers|keynote)|sun\.xml\..+|etsi\.asic-.|recordare\.musicxml)",
        r"application/(?:zip|java-archive|x-java-archive|oxps|x-krita|x-xpinstall|x-cbz|x-ios-app)",
        r"application/(?:vsix|x-chrome-extension|x-iwork-.+|x-openraster)",
        r"image/openraster|model/(?:3mf|vnd\.usdz)",
    )
)
ILLUSTRATOR = r"application/(?:vnd\.adobe\.)?illustrator"
COMPOUND = "|".join(  # also what is encrypted of the newer ones (MS-OFFCRYPTO)
    (
        r"application/(?:msword|msaccess|x-msi|x-mspublisher|x-hwp|haansofthwp|vnd\.hancom\.hwp)",
        r"application/vnd\.(?:visio|ms-(?:excel|powerpoint|project|works|outlook|publisher).*)",
        rf"{re.escape(DOCUMENT)}\..+",
        r"image/(?:vnd\.fpx|x-flashpix)",
    )
)
_GZIPPED = (
    r".+\+gzip|application/x-(?:gzip|tgz|gnumeric|compressed-tar|gtar-compressed|abiword|dia-.+)"
)
MATROSKA = r"(?:video|audio)/(?:x-)?matroska(?:-3d)?"
WEBM = r"(?:video|audio)/webm"
_M4A = r"audio/(?:x-)?m4[abpr]"
MP4 = "|".join(
    (
        r"(?:video|audio|application)/mp4",
        r"video/(?:quicktime|x-m4v|m4v|x-f4v|iso\.segment|mj2)",
        r"(?:video|audio)/3gpp2?",
        rf"{_M4A}|audio/aac|audio/vnd\.audible\..+",
    )
)
_PHOTOSHOP = r"(?:image|application)/(?:x-)?photoshop"
_OGG = r"(?:audio|video|application)/ogg|audio/opus"
_HEIF = r"image/hei[cf](?:-sequence)?"
_AVIF = r"image/avif(?:-sequence)?"
_RAW = "|".join(
    (
        r"image/(?:x-)?(?:adobe-)?dng",
        r"image/x-(?:canon-(?:cr2|crw)|nikon-(?:nef|nrw)|sony-(?:arw|sr2|srf)|pentax-pef|epson-erf)",
        r"image/x-(?:kodak-(?:dcr|kdc|k25)|hasselblad-3fr|mamiya-mef|samsung-srw|dcraw|raw)",
        r"image/(?:tiff-fx|geotiff|vnd\.stonehenge.*)",
    )
)

# Magic numbers that no text begins with.
SIGNATURES = (
    (rb"\xff\xd8\xff", Found("image/jpeg")),
    (rb"\x89PNG\r\n\x1a\n", Found("image/png")),
    (rb"(?:II\*\0|MM\0\*|II\+\0|MM\0\+)", Found("image/tiff", _RAW)),
    (rb"\0\0\0\x0cjP  \r\n\x87\n.{8}mjp2", Found("video/mj2")),
    (rb"\0\0\0\x0cjP  \r\n\x87\n", Found("image/jp2", r"image/(?:jpx|jpm|jph)")),
    (rb"\xff\x4f\xff\x51\0", Found("image/jp2", r"image/(?:j2c|x-jp2-codestream)")),
    (rb"\0\0\0\x0cJXL \r\n\x87\n", Found("image/jxl")),
    (rb"8BPS\0[\x01\x02]", Found("image/vnd.adobe.photoshop", _PHOTOSHOP)),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Found("application/x-ole-storage", COMPOUND)),
    (rb"\x1f\x8b\x08", Found("application/gzip", _GZIPPED)),
    (rb"\0\0\x01[\xb3\xba]", Found("video/mpeg", r"video/.*(?:mpe?g|mp2).*|video/dvd")),
    (rb"\xff[\xfb\xf3\xf2]", Found("audio/mpeg", r"(?!image/).+")),  # two bytes are little
)
# Magic numbers that are letters, so that a text may begin with them: they count only where there
# are bytes that no text has.
LETTERED_SIGNATURES = (
    (rb"GIF8[79]a", Found("image/gif")),
    (  # reserved words that are zero, and a header of a size that one has
        rb"BM.{4}\0{4}.{4}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0{3}",
        Found("image/bmp", r"image/x-(?:ms-)?bmp"),
    ),
    (rb"RIFF.{4}WEBP", Found("image/webp")),
    (rb"RIFF.{4}WAVE", Found("audio/wav", r"audio/(?:x-wav|wave|vnd\.wave|x-pn-wav)")),
    (rb"RIFF.{4}AVI ", Found("video/x-msvideo", r"video/(?:avi|vnd\.avi|msvideo|x-avi)")),
    (rb"OggS.{24}(?:\x01vorbis|OpusHead|Speex|\x7fFLAC)", Found("audio/ogg", _OGG)),
    (rb"OggS.{24}\x80theora", Found("video/ogg", _OGG)),
    (rb"OggS", Found("application/ogg", _OGG)),
    (rb"fLaC", Found("audio/flac", r"audio/x-flac")),
    (rb"ID3", Found("audio/mpeg", r"audio/.+")),  # a tag, which other sound may have too
    (rb"glTF", Found("model/gltf-binary")),
    (rb".{4}(?:moov|mdat|wide|free)", Found("video/quicktime", MP4)),  # from before brands
)


def _brands(content_type: str, names: str, also: str = "") -> dict[bytes, Found]:
    return {name.ljust(4).encode(): Found(content_type, also) for name in names.split()}


GENERAL_HEIF = ("image/heif", "image/heif-sequence")
BRANDS = {
    **_brands("image/avif", "avif avis avio", _AVIF),
    **_brands("image/heic", "heic heix heim heis", _HEIF),
    **_brands("image/heic-sequence", "hevc hevx hevm hevs", _HEIF),
    **_brands("image/heif", "mif1 mif2 miaf", rf"{_HEIF}|{_AVIF}"),
    **_brands("image/heif-sequence", "msf1", rf"{_HEIF}|{_AVIF}"),
    **_brands("image/x-canon-cr3", "crx"),
    **_brands("video/quicktime", "qt"),
    **_brands("audio/mp4", "M4A M4B M4P", _M4A),
    **_brands("video/mp4", "M4V M4VH M4VP", r"video/(?:x-)?m4v"),
    **_brands("video/mp4", "isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 dash", MP4),
    **_brands("video/3gpp", "3gp4 3gp5 3gp6 3gp7 3gp8 3gp9 3ge6 3gg6 3gr6 3gs6", r"audio/3gpp"),
    **_brands("video/3gpp2", "3g2a 3g2b 3g2c", r"audio/3gpp2"),
    **_brands("video/mj2", "mjp2 mj2s"),
}
