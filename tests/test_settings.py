from pathlib import Path

import pytest

from settings import SettingError, read_settings, settings_table

NO_FILE = Path("/nonexistent/secrets.toml")
README = Path(__file__).parent.parent / "README.md"


def test_defaults_are_those_of_the_design() -> None:
    settings = read_settings({}, NO_FILE)
    assert (settings.host, settings.port) == ("127.0.0.1", 8501)
    assert settings.public_url == "http://127.0.0.1:8501"
    assert (settings.single_limit, settings.multipart_limit) == (104_857_600, 2_147_483_648)
    assert (settings.url_lifetime, settings.token_lifetime) == (3600, 300)


def test_the_environment_wins_over_the_secrets_file_and_that_over_the_default(
    tmp_path: Path,
) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('TFW_PORT = 9000\nTFW_DATA_DIR = "/srv/a"\n[section]\nTFW_HOST = "x"\n')
    settings = read_settings({"TFW_DATA_DIR": "/srv/b"}, secrets)
    assert (settings.port, settings.data_dir, settings.host) == (9000, Path("/srv/b"), "127.0.0.1")


@pytest.mark.parametrize(
    ("variable", "value", "rule"),
    [
        ("TFW_PORT", "http", "whole number"),
        ("TFW_PORT", "70000", "at most 65535"),
        ("TFW_PORT", "²", "whole number"),
        ("TFW_URL_LIFETIME", "0", "more than 0"),
        ("TFW_MIN_PART_SIZE", "3000000000", "TFW_MAX_PART_SIZE"),
        ("TFW_PUBLIC_URL", "files.example.com", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://files.example.com/base", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://files.example.com:port", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://[files", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://[::1]x:443", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://files example", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://a.example,b.example", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://me@files.example.com", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "https://files.example.com:65536", "a scheme and a host"),
        ("TFW_PUBLIC_URL", "ftp://files.example.com", "a scheme and a host"),
        ("TFW_CLIENT_ID", "demo", "TFW_CLIENT_SECRET"),
        ("TFW_FSYNC", "yes", "on or off"),
        ("TFW_FAULTS", "yes", "on, off or empty"),
        ("TFW_SIZE_SPELLING", "FileSize", "filesize, fileSize or empty"),
        ("TFW_S3_ENDPOINT", "https://s3.example.com/bucket", "a scheme and a host"),
        ("TFW_PROXY_ADDRESSES", "proxy.example.com", "IP addresses or networks"),
        ("TFW_PROXY_ADDRESSES", "10.0.0.1/8", "IP addresses or networks"),
        ("TFW_PROXY_ADDRESSES", "*", "IP addresses or networks"),
        ("TFW_IMAGE_HOSTS", "https://images.example.com", "host names"),
        ("TFW_IMAGE_HOSTS", "169.254.169.254", "host names"),
        ("TFW_IMAGE_HOSTS", "Images.example.com", "host names in lower case"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_the_value_and_the_rule(
    variable: str, value: str, rule: str
) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({variable: value}, NO_FILE)
    message = str(caught.value)
    assert variable in message
    assert value in message
    assert rule in message


BUCKET = {
    "TFW_S3_ENDPOINT": "https://s3.example.com/",
    "TFW_S3_BUCKET": "temp",
    "TFW_S3_ACCESS_KEY": "key",
    "TFW_S3_SECRET_KEY": "canary",
}


def test_a_bucket_is_taken_with_all_that_belongs_to_it() -> None:
    settings = read_settings(BUCKET, NO_FILE)
    assert settings.s3_endpoint == "https://s3.example.com"
    assert settings.s3_region == "us-east-1"


@pytest.mark.parametrize("variable", sorted(BUCKET.keys() - {"TFW_S3_ENDPOINT"}))
def test_a_bucket_without_one_of_its_settings_is_refused_by_name(variable: str) -> None:
    with pytest.raises(SettingError, match=variable) as caught:
        read_settings({**BUCKET, variable: ""}, NO_FILE)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", ["ab", "Upper", "a/b", "-a-", "a" * 64])
def test_a_bucket_has_a_name_that_s3_takes(name: str) -> None:
    with pytest.raises(SettingError, match="TFW_S3_BUCKET"):
        read_settings({**BUCKET, "TFW_S3_BUCKET": name}, NO_FILE)


def test_a_broken_secrets_file_is_named(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("= broken")
    with pytest.raises(SettingError, match="is not valid TOML"):
        read_settings({}, secrets)


def test_a_wildcard_host_is_reached_on_loopback() -> None:
    settings = read_settings({"TFW_HOST": "0.0.0.0", "TFW_PORT": "9001"}, NO_FILE)  # noqa: S104
    assert settings.local_url == settings.public_url == "http://127.0.0.1:9001"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Files.Example.COM:443/", "https://files.example.com"),
        ("http://files.example.com:80", "http://files.example.com"),
        ("HTTPS://files.example.com:80", "https://files.example.com:80"),
        ("http://files.example.com:443", "http://files.example.com:443"),
        ("http://LocalHost:8501", "http://localhost:8501"),
        ("http://localhost:", "http://localhost"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://[2001:DB8::80]", "http://[2001:db8::80]"),
        ("http://[0:0:0:0:0:0:0:1]:9000", "http://[::1]:9000"),
        ("https://files.example.com:0443", "https://files.example.com"),
        (" https://files.example.com \n", "https://files.example.com"),
        ("https://b\u00fccher.example", "https://xn--bcher-kva.example"),
        ("http://my_service:9000", "http://my_service:9000"),
    ],
)
def test_the_public_url_is_kept_as_browsers_send_it(given: str, kept: str) -> None:
    assert read_settings({"TFW_PUBLIC_URL": given}, NO_FILE).public_url == kept


def test_the_readme_lists_every_setting_as_the_code_has_it() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    for variable, default, meaning in settings_table():
        shown = f"`{default}`" if default else ""
        assert f"| `{variable}` | {shown} | {meaning} |" in lines
