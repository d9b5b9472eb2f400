"""Every setting of the project, in one table: the fields of `Settings`.

A value comes from the environment, else from `.streamlit/secrets.toml`, else from the default.
The README's table is checked against this one by `tests/test_settings.py`.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import IPv6Address, ip_network
from pathlib import Path
from typing import Any

SECRETS_FILE = Path(".streamlit/secrets.toml")
ANY_ADDRESS = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, never bound here
ACCESS_LOGS = {"", "text", "json", "off"}
FAULTS = {"", "on", "off"}
SIZE_SPELLINGS = ("filesize", "fileSize")  # contract 7.2: which one is real is unresolved
SWITCH = {"on": True, "off": False}
PAT_PREFIX = "amp_pat_"
_USUAL_PORTS = {"http": "80", "https": "443"}
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]{0,9}))?")
_NAME_OR_IPV4 = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?")
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
AMPLIENCE_GRAPHQL_URL = "https://api.amplience.net/graphql"
AMPLIENCE_TOKEN_URL = "https://auth.amplience.net/oauth/token"  # noqa: S105 - an address
# Names only: an address has no certificate to check, and a name is looked up when it is used.
_HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)


class SettingError(Exception):
    """A setting cannot be used as it is; the message names it, its value and the rule."""

    code = "bad-setting"


def _setting(default: str, meaning: str, least: int = 1) -> Any:
    return field(metadata={"default": default, "meaning": meaning, "least": least})


@dataclass(frozen=True)
class Settings:
    """The values, checked and typed. Sizes are bytes, times are seconds."""

    host: str = _setting("127.0.0.1", "address the app listens on")
    port: int = _setting("8501", "port the app listens on")
    public_url: str = _setting(
        "", "what signed URLs start with, scheme and host only; empty: `http://TFW_HOST:TFW_PORT`"
    )
    proxy_addresses: str = _setting(
        "",
        "IP addresses or networks of the reverse proxies in front, comma separated, such as "
        "`127.0.0.1` or `10.0.0.0/8`: `X-Forwarded-For` and `X-Forwarded-Proto` are believed from "
        "these; empty: from nobody",
    )
    data_dir: Path = _setting("./data", "folder for temp files, databases, users and secrets")
    demo_password: str = _setting(
        "", "password of the `demo` user made at the first start; empty: random, printed once"
    )
    client_id: str = _setting(
        "",
        "the embedded service's OAuth client; empty: made at the first start and kept in "
        "`TFW_DATA_DIR/oauth-client.json` (mode 0600)",
    )
    client_secret: str = _setting("", "the secret that goes with `TFW_CLIENT_ID`")
    url_lifetime: int = _setting("3600", "seconds an upload or download URL stays valid")
    token_lifetime: int = _setting("300", "seconds an access token stays valid")
    single_limit: int = _setting("104857600", "bytes one single PUT may carry")
    multipart_limit: int = _setting("2147483648", "bytes one multipart upload may carry")
    min_part_size: int = _setting("5242880", "bytes a part must have, the last one excepted")
    max_part_size: int = _setting("2147483648", "bytes a part may have")
    idle_timeout: int = _setting("30", "seconds an upload may send nothing before it is dropped")
    notice_seconds: int = _setting(
        "2",
        "seconds for which a process that is told to stop (SIGTERM) still takes requests while "
        "`/service/ready` says 503, so that a load balancer sends them elsewhere",
        0,
    )
    stop_seconds: int = _setting(
        "30", "seconds that running requests may then still take, after SIGTERM or Ctrl-C", 0
    )
    sweep_interval: int = _setting("60", "seconds between two sweeps of expired files")
    s3_endpoint: str = _setting(
        "",
        "S3 store that keeps temp files in the place of the data folder: scheme and host only, as "
        "browsers reach it, such as `https://s3.eu-west-1.amazonaws.com`; empty: the data folder",
    )
    s3_bucket: str = _setting(
        "", "bucket of that store; temp files lie below `temp-files/` in it, and expire"
    )
    s3_region: str = _setting("us-east-1", "region that signatures for that store name")
    s3_access_key: str = _setting("", "access key of that store")
    s3_secret_key: str = _setting("", "the secret that goes with `TFW_S3_ACCESS_KEY`")
    fsync: bool = _setting(
        "off", "`on`: a file is on the disk before its PUT is answered, so a power loss takes none"
    )
    quota: int = _setting("0", "bytes all temp files together may take; 0: no limit", least=0)
    disk_reserve: int = _setting(
        "268435456", "bytes that stay free on the disk; an upload that needs them is refused", 0
    )
    faults: str = _setting(
        "",
        "`on`: whoever has an access token may switch failures on; `off`: nobody may; empty: under "
        "the page its admins may, and nobody when the service runs alone",
    )
    demo_data: bool = _setting(
        "off", "`on`: folders and a few pictures in the Content Hub, made where they are missing"
    )
    access_log: str = _setting(
        "",
        "one line for each request to the service: `text`, `json` or `off`; empty: `text` when the "
        "service runs alone, `off` under the page",
    )
    pats: str = _setting(
        "", "personal access tokens the embedded service accepts, `amp_pat_…`, comma separated"
    )
    ungranted_pats: str = _setting(
        "", "the same, of accounts without a grant: to try the permission error with HTTP 200"
    )
    rate_limit: int = _setting(
        "0", "GraphQL requests a minute for each credential; 0: no limit, Amplience has 60", 0
    )
    complexity_limit: int = _setting("10000", "points a GraphQL request may cost; 0: no limit", 0)
    introspection: bool = _setting(
        "on", "`off`: GraphQL refuses questions about its schema, as an endpoint may"
    )
    strict_statuses: bool = _setting(
        "off",
        "`on`: a GraphQL document that cannot be executed is answered 200 to who accepts "
        "`application/json`, as the GraphQL-over-HTTP specification has it; `off`: 400",
    )
    size_spelling: str = _setting(
        "",
        "`filesize` or `fileSize`: the only spelling that the multipart mutation takes, as an "
        "endpoint may; empty: either",
    )
    credits: int = _setting(
        "100", "credits to start with; a mutation that looks at an image costs one", 0
    )
    background_model: str = _setting(
        "",
        "ONNX file that background removal asks, with the extra `onnx` installed; empty, or where "
        "it cannot be used: the built-in engine",
    )
    background_model_kind: str = _setting(
        "",
        "what that model is: `isnet-general-use`, `birefnet-general-lite` or `u2net`; empty: told "
        "from the file's name, else from its input",
    )
    image_hosts: str = _setting(
        "",
        "hosts beside the service itself that an `imageUrl` to cut out and the `src` of an asset "
        "are fetched from, over https, up to 30 MiB, comma separated; empty: none",
    )
    amplience_graphql_url: str = _setting(
        "",
        "GraphQL endpoint to use instead of the embedded service; empty while credentials for it "
        "are set: `https://api.amplience.net/graphql`",
    )
    amplience_token_url: str = _setting(
        AMPLIENCE_TOKEN_URL, "where that endpoint's access tokens come from"
    )
    amplience_client_id: str = _setting("", "OAuth client id for that endpoint")
    amplience_client_secret: str = _setting("", "the secret that goes with `AMPLIENCE_CLIENT_ID`")
    amplience_pat: str = _setting(
        "", "personal access token for that endpoint, used instead of the id and secret"
    )
    amplience_organization: str = _setting(
        "",
        "organization that pays for background removal there: its id, or `org_…`; empty: the first "
        "that the credentials reach",
    )
    amplience_repository: str = _setting(
        "", "repository that new assets go to there unless another is chosen: its id"
    )
    amplience_rate_limit: int = _setting(
        "60", "GraphQL requests a minute that endpoint takes; more wait here; 0: no limit", 0
    )

    @property
    def amplience_endpoint(self) -> str:
        """The GraphQL endpoint to use instead of the embedded service, empty for none.

        Credentials alone are enough: Amplience has this one endpoint (contract 1).
        """
        credentials = self.amplience_pat or self.amplience_client_id or self.amplience_client_secret
        return self.amplience_graphql_url or (AMPLIENCE_GRAPHQL_URL if credentials else "")

    @property
    def local_url(self) -> str:
        """Where this machine reaches the app, whatever name the public URL has."""
        host = "127.0.0.1" if self.host in ANY_ADDRESS else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def settings_table() -> Iterator[tuple[str, str, str]]:
    """Yield environment variable, default as text, and meaning of every setting."""
    for row in fields(Settings):
        yield _variable(row.name), row.metadata["default"], row.metadata["meaning"]


def read_settings(
    environment: Mapping[str, str] = os.environ, secrets_file: Path = SECRETS_FILE
) -> Settings:
    """Read and check every setting.

    Raises:
        SettingError: a value is not usable.
    """
    secrets = _read_secrets(secrets_file)
    values: dict[str, Any] = {}
    for row in fields(Settings):
        variable = _variable(row.name)
        text = environment.get(variable) or secrets.get(variable) or row.metadata["default"]
        values[row.name] = _cast(variable, text, row.type)
    return _checked(Settings(**values))


def comma_separated(text: str) -> list[str]:
    """Return the items of a list, without blanks around them and without empty ones."""
    return [item.strip() for item in text.split(",") if item.strip()]


def compared_host(scheme: str, authority: str) -> str:
    """Return host and port the way browsers send them: in lower case, without the usual port.

    Source: RFC 3986 sections 6.2.2.1 and 6.2.3.
    """
    found = _AUTHORITY.fullmatch(authority.lower())
    if found and found["port"] in ("", _USUAL_PORTS.get(scheme)):
        return found["host"]
    return authority.lower()


def _variable(field_name: str) -> str:
    name = field_name.upper()
    return name if name.startswith("AMPLIENCE_") else f"TFW_{name}"


def _read_secrets(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}.") from error
    return {key: str(value) for key, value in content.items() if not isinstance(value, dict)}


def _cast(variable: str, text: str, kind: object) -> str | int | bool | Path:
    if kind is bool:
        if text not in SWITCH:
            raise SettingError(f'{variable} is "{text}"; it must be on or off.')
        return SWITCH[text]
    if kind is int:
        if not (text.isascii() and text.isdigit()):
            raise SettingError(f'{variable} is "{text}"; it must be a whole number, 0 or more.')
        return int(text)
    return Path(text) if kind is Path else text


def _checked(settings: Settings) -> Settings:
    _require(settings.port <= 65535, "TFW_PORT", settings.port, "at most 65535")
    for row in fields(Settings):
        if row.type is int:
            value, least = getattr(settings, row.name), row.metadata["least"]
            _require(value >= least, _variable(row.name), value, f"more than {least - 1}")
    _require(
        settings.min_part_size <= settings.max_part_size,
        "TFW_MIN_PART_SIZE",
        settings.min_part_size,
        f"at most TFW_MAX_PART_SIZE ({settings.max_part_size})",
    )
    _require(
        bool(settings.client_id) == bool(settings.client_secret),
        "TFW_CLIENT_ID",
        settings.client_id,
        "set together with TFW_CLIENT_SECRET",
    )
    _require(
        settings.access_log in ACCESS_LOGS,
        "TFW_ACCESS_LOG",
        settings.access_log,
        "text, json or off, or empty",
    )
    _require(settings.faults in FAULTS, "TFW_FAULTS", settings.faults, "on, off or empty")
    _require(
        settings.size_spelling in ("", *SIZE_SPELLINGS),
        "TFW_SIZE_SPELLING",
        settings.size_spelling,
        "filesize, fileSize or empty",
    )
    for variable, text in (
        ("TFW_PATS", settings.pats),
        ("TFW_UNGRANTED_PATS", settings.ungranted_pats),
    ):
        _require(
            all(token.startswith(PAT_PREFIX) for token in comma_separated(text)),
            variable,
            "(secret)",
            f"a comma separated list of tokens that start with {PAT_PREFIX}",
        )
    for host in comma_separated(settings.image_hosts):
        _require(
            bool(_HOST_NAME.fullmatch(host)),
            "TFW_IMAGE_HOSTS",
            host,
            "host names in lower case such as images.example.com, without scheme and port",
        )
    for address in comma_separated(settings.proxy_addresses):
        _require(
            _is_network(address),
            "TFW_PROXY_ADDRESSES",
            address,
            "IP addresses or networks such as 127.0.0.1 or 10.0.0.0/8, comma separated",
        )
    s3_endpoint = settings.s3_endpoint
    if s3_endpoint:
        s3_endpoint = _origin("TFW_S3_ENDPOINT", s3_endpoint, "https://s3.example.com")
        _check_s3(settings)
    public_url = settings.public_url or settings.local_url
    public_url = _origin("TFW_PUBLIC_URL", public_url, "https://files.example.com")
    return replace(settings, public_url=public_url, s3_endpoint=s3_endpoint)


def _check_s3(settings: Settings) -> None:
    _require(
        bool(_BUCKET_NAME.fullmatch(settings.s3_bucket)),
        "TFW_S3_BUCKET",
        settings.s3_bucket,
        "the name of a bucket: 3 to 63 letters in lower case, digits, dots and hyphens",
    )
    for variable, given in (
        ("TFW_S3_REGION", settings.s3_region),
        ("TFW_S3_ACCESS_KEY", settings.s3_access_key),
        ("TFW_S3_SECRET_KEY", settings.s3_secret_key),
    ):
        _require(bool(given), variable, "", "set together with TFW_S3_ENDPOINT")


def _origin(variable: str, text: str, example: str) -> str:
    """Return scheme, host and port as a browser writes them (URL Standard, "origin")."""
    scheme, _, authority = text.strip().rstrip("/").partition("://")
    scheme = scheme.lower()
    found = _AUTHORITY.fullmatch(authority.lower())
    host = _host(found["host"]) if found else ""
    port = int((found and found["port"]) or _USUAL_PORTS.get(scheme, 0))
    _require(
        scheme in _USUAL_PORTS and bool(host) and port < 65536,
        variable,
        text,
        f"a scheme and a host and nothing after it, such as {example}",
    )
    return f"{scheme}://{compared_host(scheme, f'{host}:{port}')}"


def _host(text: str) -> str:
    """Return a name in its letters of ASCII, or an address in its short form; else nothing."""
    try:
        if text.startswith("["):
            return f"[{IPv6Address(text[1:-1])}]"
        name = text.encode("idna").decode("ascii")
    except ValueError:
        return ""
    return name if _NAME_OR_IPV4.fullmatch(name) else ""


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _require(condition: bool, variable: str, value: object, rule: str) -> None:
    if not condition:
        raise SettingError(f'{variable} is "{value}"; it must be {rule}.')
