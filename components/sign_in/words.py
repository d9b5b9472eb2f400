"""What the sign-in page and the user menu say."""

from collections.abc import Iterable

PURPOSE = "Upload a file, get a link that lasts one hour."
SIGN_IN = "Sign in"
SIGN_OUT = "Sign out"
USERNAME = "User name"
PASSWORD = "Password"  # noqa: S105 - a label
SIGNING_IN = "Signing in…"
SIGNING_OUT = "Signing out…"
LEAVING = {
    "leaving": {
        "one": "1 file is on its way. What has arrived is kept: sign in again here and it goes on, "
        "or choose the file again elsewhere.",
        "other": "{count} files are on their way. What has arrived is kept: sign in again here and "
        "they go on, or choose them again elsewhere.",
    },
    "leave": "Sign out all the same",
    "stay": "Stay signed in",
}
SIGN_IN_INCOMPLETE = "Enter your user name and your password."
SIGN_IN_REFUSED = "The user name or the password is not right. Check both and try again."
SIGN_IN_FAILED = "That did not go through. Try again in a moment."


def cookie_not_kept(public_url: str, page_url: str) -> str:
    """Say why a right password did not sign in, and where it does."""
    if public_url.startswith("https:") and page_url.startswith("http:"):
        return (
            "Your browser did not keep the sign-in cookie: it does so on https only. "
            f"Open {public_url} and sign in there."
        )
    return (
        "Your browser did not keep the sign-in cookie. Allow cookies for this address, then sign "
        "in again."
    )


def sign_in_wait(seconds: int) -> str:
    """Say how long to wait after too many wrong passwords."""
    unit = "second" if seconds == 1 else "seconds"
    return f"Too many tries. Wait {seconds} {unit}, then try again."


def signed_in_as(name: str, roles: Iterable[str]) -> str:
    """Name the person signed in and what they may do."""
    return f"Signed in as {name} ({', '.join(roles)})"
