"""What pages of another origin may do: a preflight asked and told (the Fetch standard's CORS)."""

from client.contract_check.trial import Trial


def preflight_told(trial: Trial, url: str, method: str, header: str) -> str:
    """Ask whether any page may send a method with a header to a URL; `allowed`, or what is not."""
    headers = {
        "Origin": trial.choice.origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": header,
    }
    answer = trial.send("OPTIONS", url, "preflight", None, headers)
    shown = {name.lower(): value for name, value in answer.headers.items()}
    origin = shown.get("access-control-allow-origin")
    methods = shown.get("access-control-allow-methods", "").upper()
    allowed = shown.get("access-control-allow-headers", "").lower()
    if answer.status >= 300 or origin not in ("*", trial.choice.origin):
        return f"not allowed: {answer.status}"
    if method not in methods and "*" not in methods:
        return f"{method} is not allowed"
    missing = [name for name in header.split(", ") if name not in allowed and "*" not in allowed]
    return f"no {' and '.join(missing)} is allowed" if missing else "allowed"
