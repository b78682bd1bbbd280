"""The score of Mozilla's HTTP Observatory, as far as it follows from the headers of one answer over https.

Source: https://github.com/mozilla/http-observatory/blob/main/httpobs/docs/scoring.md, and `SCORE_TABLE` in
https://github.com/mdn/mdn-http-observatory/blob/main/src/grader/charts.js. Everybody begins with 100; what is good
counts only for sites that have at least 90 without it. A site counts as preloaded only once it is on browsers' lists,
which no header shows; scripts of the site itself get nothing for integrity attributes.
"""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

BASE, ENOUGH_FOR_BONUS = 100, 90
SIX_MONTHS = 15_552_000  # seconds, as the Observatory counts them
BROAD = {"*", "ftp:", "http:", "https:", "http://*", "http://*.*", "https://*", "https://*.*"}
UNSAFE = BROAD | {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(headers: Mapping[str, str], cookies: SimpleCookie) -> int:
    modifiers = [
        content_security_policy(headers),
        cookie_flags(cookies),
        cross_origin_resource_policy(headers),
        cross_origin_resource_sharing(headers),
        frame_options(headers),
        referrer_policy(headers),
        strict_transport_security(headers),
        0 if headers.get("X-Content-Type-Options", "").lower() == "nosniff" else -5,
    ]
    without_bonus = BASE + sum(modifier for modifier in modifiers if modifier < 0)
    return without_bonus if without_bonus < ENOUGH_FOR_BONUS else BASE + sum(modifiers)


def policy(headers: Mapping[str, str]) -> dict[str, set[str]]:
    directives = [part.split() for part in headers.get("Content-Security-Policy", "").split(";") if part.strip()]
    return {name.lower(): set(sources) for name, *sources in directives}


def content_security_policy(headers: Mapping[str, str]) -> int:
    given = policy(headers)
    default = given.get("default-src", {"*"})
    scripts, styles, objects = (given.get(name, default) for name in ("script-src", "style-src", "object-src"))
    active = scripts.union(*(sources for name, sources in given.items() if name not in {"img-src", "media-src"}))
    passive = given.get("img-src", default) | given.get("media-src", default)
    findings = [
        (not given, -25),
        (bool(scripts & UNSAFE or objects & BROAD), -20),
        (any(source.startswith(("http:", "ftp:")) for source in active), -20),
        ("'unsafe-eval'" in scripts | styles, -10),
        (any(source.startswith(("http:", "ftp:")) for source in passive), -10),
        (bool(styles & UNSAFE), 0),
        (default == {"'none'"}, 10),
    ]
    return next((modifier for is_so, modifier in findings if is_so), 5)


def cookie_flags(cookies: SimpleCookie) -> int:
    flags: list[Any] = list(cookies.values())
    sessions = [cookie for cookie in flags if "sess" in cookie.key.lower() or "login" in cookie.key.lower()]
    findings = [
        (not all(cookie["secure"] for cookie in sessions), -40),
        (not all(cookie["httponly"] for cookie in sessions), -30),
        (not all(cookie["samesite"] for cookie in flags if "csrf" in cookie.key.lower()), -20),
        (not all(cookie["secure"] for cookie in flags), -20),
        (bool(flags) and all(cookie["samesite"] for cookie in flags), 5),
    ]
    return next((modifier for is_so, modifier in findings if is_so), 0)


def cross_origin_resource_policy(headers: Mapping[str, str]) -> int:
    given = headers.get("Cross-Origin-Resource-Policy")
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0, None: 0}.get(given, -5)


def cross_origin_resource_sharing(headers: Mapping[str, str]) -> int:
    is_for_all = bool(headers.get("Access-Control-Allow-Origin")) and "Access-Control-Allow-Credentials" in headers
    return -50 if is_for_all else 0


def frame_options(headers: Mapping[str, str]) -> int:
    if "frame-ancestors" in policy(headers):
        return 5
    return 5 if headers.get("X-Frame-Options", "").upper() in {"DENY", "SAMEORIGIN"} else -20


def referrer_policy(headers: Mapping[str, str]) -> int:
    given = headers.get("Referrer-Policy")
    return 0 if given is None else 5 if given in PRIVATE else -5


def strict_transport_security(headers: Mapping[str, str]) -> int:
    parts = headers.get("Strict-Transport-Security", "").lower().replace(" ", "").split(";")
    ages = [int(part.removeprefix("max-age=")) for part in parts if part.startswith("max-age=")]
    return -20 if not ages else 0 if ages[0] >= SIX_MONTHS else -10
