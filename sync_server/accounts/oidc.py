"""Logging in at the region's identity provider: authorization code with PKCE (OpenID Connect Core 1.0
section 3.1, RFC 7636), the ID token checked as its section 3.1.3.7 says.

`Provider` holds what one centre knows of it; each login is a `Try` that the browser keeps as a cookie's
digest and the centre keeps in memory for ten minutes.
"""

import base64
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sync_server.config import Oidc

# Signatures by a key that the provider publishes; never "none", never a secret shared with us.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LEEWAY = 60  # seconds between its clock and ours
_TRY_S = 600
_TRIES = 10_000
_KNOWN_S = 3600  # seconds that its documents are believed
_TIMEOUT = 10.0
# An address whose host cannot be ("a..b") is a ValueError.
_NO_ANSWER = (httpx2.HTTPError, httpx2.InvalidURL, ValueError)


class Away(Exception):
    """The provider cannot be reached, or does not answer as one."""


class Refused(Exception):
    """What came back is not a login of somebody. The text is for the log, not for people."""


class Try(msgspec.Struct, frozen=True):
    """A login that has begun: what must come back with it, and where it goes on afterwards."""

    nonce: str
    verifier: str
    browser: str
    onward: str
    until: float


class _Document(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Answer(msgspec.Struct, frozen=True):
    id_token: str


class Provider:
    """The region's identity provider."""

    def __init__(self, settings: Oidc) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, Try] = OrderedDict()
        self._known: tuple[float, _Document] | None = None

    @property
    def callback(self) -> str:
        """Where it sends browsers back to; registered there."""
        return self._settings.address.rstrip("/") + "/login/oidc/kembali"

    def begin(self, onward: str, now: float) -> tuple[str, str]:
        """Where the browser goes, and the secret that it keeps in a cookie. Raises Away."""
        document = self._document(now)
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        begun = Try(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(48),
            _digest(browser),
            onward,
            now + _TRY_S,
        )
        with self._lock:
            self._tries[state] = begun
            while len(self._tries) > _TRIES:
                self._tries.popitem(last=False)
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self.callback,
            "scope": "openid profile",
            "state": state,
            "nonce": begun.nonce,
            "code_challenge": _challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in document.authorization_endpoint else "?"
        return document.authorization_endpoint + joint + urlencode(asked), browser

    def finish(self, state: str, code: str, browser: str, now: float) -> tuple[str, str]:
        """Who has logged in (the claim that links accounts), and where he goes on. A state is good
        once. Raises Refused and Away."""
        with self._lock:
            begun = self._tries.pop(state, None)
        if begun is None or now >= begun.until:
            raise Refused("unknown state")
        if not hmac.compare_digest(begun.browser, _digest(browser)):
            raise Refused("another browser's state")
        document = self._document(now)
        token = self._redeem(document, code, begun.verifier)
        claims = self._claims(document, token, begun.nonce, now)
        subject = claims.get(self._settings.claim)
        if not isinstance(subject, str) or not subject:
            raise Refused(f"no claim {self._settings.claim}")
        return subject, begun.onward

    def _redeem(self, document: _Document, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "client_id": self._settings.client_id,
            "code_verifier": verifier,
        }
        secret = self._secret()
        if secret:
            form["client_secret"] = secret
        try:
            answer = httpx2.post(document.token_endpoint, data=form, timeout=_TIMEOUT)
        except _NO_ANSWER as problem:
            raise Away(str(problem)) from problem
        if answer.status_code >= 500:
            raise Away(f"{answer.status_code}")
        if answer.status_code != 200:
            raise Refused(f"the code was not taken: {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=_Answer).id_token
        except msgspec.DecodeError as problem:
            raise Refused("no id_token") from problem

    def _claims(self, document: _Document, token: str, nonce: str, now: float) -> dict[str, object]:
        try:
            published = _fetched(document.jwks_uri)
            keys = KeySet.import_key_set({"keys": published["keys"]})
            decoded = jwt.decode(token, keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError, KeyError) as problem:
            raise Refused(f"signature: {type(problem).__name__}") from problem
        claims = decoded.claims
        wrong = _wrong(claims, self._settings, nonce, now)
        if wrong:
            raise Refused(wrong)
        return claims

    def _document(self, now: float) -> _Document:
        """What the provider says of itself (OpenID Connect Discovery 1.0 section 4)."""
        if self._known and now - self._known[0] < _KNOWN_S:
            return self._known[1]
        issuer = self._settings.issuer.rstrip("/")
        try:
            found = msgspec.convert(
                _fetched(issuer + "/.well-known/openid-configuration"), _Document
            )
        except msgspec.ValidationError as problem:
            raise Away(str(problem)) from problem
        if found.issuer.rstrip("/") != issuer:
            raise Away(f"it calls itself {found.issuer}")
        self._known = (now, found)
        return found

    def _secret(self) -> str:
        file = self._settings.secret_file
        try:
            return Path(file).read_text("utf-8").strip() if file else ""
        except OSError as problem:
            raise Away(f"secret_file: {problem.strerror}") from problem


def _wrong(claims: dict[str, object], settings: Oidc, nonce: str, now: float) -> str:
    """Which of the ID token's claims does not hold, or ""."""
    audience = claims.get("aud")
    many = audience if isinstance(audience, list) else [audience]
    expires, issued = claims.get("exp"), claims.get("iat")
    party = claims.get("azp", settings.client_id if len(many) == 1 else None)
    holds = {
        "iss": str(claims.get("iss", "")).rstrip("/") == settings.issuer.rstrip("/"),
        "aud": settings.client_id in many,
        "azp": party == settings.client_id,
        "exp": isinstance(expires, int | float) and now < expires + _LEEWAY,
        "iat": isinstance(issued, int | float) and issued <= now + _LEEWAY,
        "nonce": hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
    }
    return ", ".join(name for name, good in holds.items() if not good)


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = httpx2.get(address, timeout=_TIMEOUT)
        answer.raise_for_status()
        found = msgspec.json.decode(answer.content)
    except _NO_ANSWER as problem:  # or one that is no JSON: a ValueError too
        raise Away(f"{address}: {problem}") from problem
    if not isinstance(found, dict):
        raise Away(f"{address}: no document")
    return found


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
