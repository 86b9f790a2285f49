"""A small identity provider on this machine that answers what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "portal"
Answer = Any
# Sent as they are; anything else is sent as JSON.
Raw = tuple[int, bytes]


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    """Return one of the keys, made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """Answers each path with what stands in `script`, and keeps what it was sent."""

    script: dict[str, Answer | Callable[[dict[str, str]], Answer]]
    asked: list[tuple[str, dict[str, str]]]

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def sent_to(self, path: str) -> dict[str, str]:
        """Return what was sent last to a path."""
        return [sent for where, sent in self.asked if where == path][-1]


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        """Answer."""
        self._answer({"Authorization": self.headers.get("Authorization", "")})

    def do_POST(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        is_json = self.headers.get_content_type() == "application/json"
        self._answer(json.loads(body) if is_json else dict(parse_qsl(body)))

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def _answer(self, sent: dict[str, str]) -> None:
        self.server.asked.append((self.path, sent))
        answer = self.server.script.get(self.path, (404, b""))
        answer = answer(sent) if callable(answer) else answer
        status, body = answer if isinstance(answer, tuple) else (200, json.dumps(answer).encode())
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[Provider]:
    """Run one on a free port."""
    provider = Provider(("127.0.0.1", 0), _Handler)
    provider.script, provider.asked = {}, []
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        thread.join()
        provider.server_close()


def id_token(
    provider: Provider, *, by: str = "published", how: str = "RS256", kid: str = "k1", **changed: Any
) -> str:
    """Return an id token for the person `liaison`; a claim changed to None is left out."""
    now = int(time.time())
    claims = {"iss": provider.url, "aud": CLIENT_ID, "sub": "7", "iat": now, "exp": now + 300, **changed}
    claims = {name: value for name, value in claims.items() if value is not None}
    key: Any = {"none": None, "HS256": "the client's secret, 32 letters!"}.get(how, key_of(by))
    return jwt.encode(claims, key, algorithm=how, headers={"kid": kid})


def openid_script(provider: Provider, **token: Any) -> dict[str, Any]:
    """Return the answers of an OpenID provider; `token` is as for `id_token`."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key_of("published").public_key(), as_dict=True)
    return {
        "/.well-known/openid-configuration": {
            "issuer": provider.url,
            "authorization_endpoint": f"{provider.url}/authorize",
            "token_endpoint": f"{provider.url}/token",
            "userinfo_endpoint": f"{provider.url}/userinfo",
            "jwks_uri": f"{provider.url}/keys",
        },
        "/token": {"access_token": "a1", "token_type": "Bearer", "id_token": id_token(provider, **token)},
        "/userinfo": {"sub": "7", "preferred_username": "liaison"},
        "/keys": {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]},
    }


def dingtalk_script() -> dict[str, Any]:
    """Return the answers of DingTalk."""
    return {
        "/token": {"accessToken": "a1", "refreshToken": "r1", "expireIn": 7200},
        "/me": {"openId": "d7", "unionId": "u7", "nick": "李老师", "mobile": "13800000001"},
    }


def feishu_script() -> dict[str, Any]:
    """Return the answers of Feishu."""
    return {
        "/app": {"code": 0, "app_access_token": "app1"},
        "/token": {"code": 0, "data": {"access_token": "a1", "expires_in": 7200}},
        "/me": {"code": 0, "data": {"open_id": "f7", "name": "李老师", "mobile": "+8613800000001"}},
    }
