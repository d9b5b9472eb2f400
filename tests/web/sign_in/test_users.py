import stat
from functools import partial
from pathlib import Path

import bcrypt
import pytest

from web.sign_in.users import PageUser, Users, UsersFileError, hash_password


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of users that is not there yet. Its hashes are cheap: it is the file that counts."""
    monkeypatch.setattr(bcrypt, "gensalt", partial(bcrypt.gensalt, 4))
    return tmp_path / "data" / "users.yaml"


def test_first_start_creates_demo_admin_with_random_password(path: Path) -> None:
    password = Users(path).create_demo()
    demo = Users(path).find("demo")
    assert password
    assert len(password) >= 12
    assert demo
    assert demo.roles == ("admin",)
    assert bcrypt.checkpw(password.encode(), demo.password_hash.encode())
    assert password not in path.read_text()


def test_given_demo_password_is_used(path: Path) -> None:
    users = Users(path)
    assert users.create_demo("pencil") == "pencil"
    demo = users.find("demo")
    assert demo
    assert bcrypt.checkpw(b"pencil", demo.password_hash.encode())


def test_later_starts_leave_users_alone(path: Path) -> None:
    Users(path).create_demo("pencil")
    before = path.read_bytes()
    assert Users(path).create_demo("crayon") is None
    assert path.read_bytes() == before


def test_file_is_private_and_no_temporary_file_stays(path: Path) -> None:
    Users(path).create_demo()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["users.yaml"]


def test_names_are_found_in_any_case(path: Path) -> None:
    users = Users(path)
    users.create_demo()
    assert users.find(" Demo ")
    assert users.find("nobody") is None


def test_edit_by_hand_counts_at_once(path: Path) -> None:
    users = Users(path)
    users.create_demo()
    path.write_text(path.read_text().replace("Demo user", "Grace"))
    demo = users.find("demo")
    assert demo
    assert demo.name == "Grace"


def test_saving_keeps_other_users(path: Path) -> None:
    users = Users(path)
    users.create_demo()
    users.save(PageUser("ada", "Ada", hash_password("pencil"), ("viewer",)))
    assert users.find("demo")
    assert users.find("ada")


def test_user_without_roles_is_a_viewer(path: Path) -> None:
    path.parent.mkdir()
    row = f"{{password: '{hash_password('x')}'}}"
    path.write_text(f"credentials: {{usernames: {{ada: {row}}}}}")
    ada = Users(path).find("ada")
    assert ada
    assert ada.roles == ("viewer",)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("just text", "not a file of users"),
        ("{a: [", "not a file of users"),
        ("", "not a file of users"),
        ("credentials: {usernames: {ada: {name: Ada}}}", "not a file of users"),
        ("credentials: {usernames: {ada: {password: pencil}}}", "never plain text"),
        ("credentials: {usernames: {'a b': {password: $2b$}}}", "use letters"),
        ("credentials: {usernames: {ada: {password: $2b$, roles: [king]}}}", "roles must be"),
    ],
)
def test_unusable_file_is_named_in_the_error(path: Path, content: str, complaint: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(UsersFileError, match=complaint) as raised:
        Users(path).find("ada")
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("slip", [b"credentials: [", b"\xff\xfe", b"", b"credentials: {}"])
def test_a_slip_in_the_file_leaves_what_it_said_before(
    path: Path, slip: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    users = Users(path)
    users.create_demo()
    good = path.read_text()
    assert users.find("demo")
    path.write_bytes(slip)
    assert users.find("demo")
    assert users.find("demo")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert str(path) in caplog.text
    with pytest.raises(UsersFileError):  # else it would be lost what somebody is writing
        users.save(PageUser("ada", "Ada", hash_password("pencil"), ("viewer",)))
    path.write_text(good.replace("demo:", "grace:"))
    assert users.find("demo") is None
    assert users.find("grace")


def test_a_hash_is_dear_to_try_and_the_password_fits_it() -> None:
    hashed = hash_password(" pencil ")
    assert hashed.startswith("$2b$12$")
    assert bcrypt.checkpw(b"pencil", hashed.encode())


@pytest.mark.parametrize("password", ["", "   ", "x" * 73, "é" * 37])
def test_password_that_bcrypt_cannot_take_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="1 to 72 bytes"):
        hash_password(password)
