"""A small identity provider that speaks OpenID Connect over real HTTP, with a key of its own; `lie` lets it
answer wrongly."""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "hadir"


class IdentityProvider:
    """Who asks it to log in gets a code for `subject`; each code is good once."""

    keys: ClassVar[list[RSAKey]] = []

    def __init__(self, now):
        if not self.keys:
            self.keys += [RSAKey.generate_key(2048, {"kid": str(n)}) for n in range(2)]
        self.now, self.codes, self._given = now, {}, count()
        self.be_honest()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def be_honest(self):
        """Tell the truth of s-0001 from now on."""
        self.subject, self.lie = "s-0001", {}
        self.header, self.key = {"alg": "RS256", "kid": "0"}, self.keys[0]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def log_in(self, address):
        """What a browser brings back from the address that it was sent to: (state, code)."""
        asked = {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{next(self._given)}"
        self.codes[code] = asked
        return asked["state"], code

    def document(self, path):
        """What is published."""
        if path == "/jwks":
            return {"keys": [self.keys[0].as_dict(private=False)]}
        names = ("authorization", "token")
        return {"issuer": self.issuer, "jwks_uri": self.issuer + "/jwks"} | {
            f"{name}_endpoint": f"{self.issuer}/{name}" for name in names
        }

    def redeem(self, form):
        """(status, answer) for a code."""
        asked = self.codes.pop(form.get("code"), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
        } | self.lie
        return 200, {"id_token": self._signed(claims), "token_type": "Bearer"}

    def _signed(self, claims):
        if self.header["alg"] == "none":
            parts = (json.dumps(one).encode() for one in (self.header, claims))
            return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts) + "."
        return jwt.encode(self.header, claims, self.key, algorithms=["RS256", "HS256"])


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(200, provider.document(urlsplit(self.path).path))

        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*provider.redeem({k: v[0] for k, v in parse_qs(text).items()}))

        def _answer(self, status, document):
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
