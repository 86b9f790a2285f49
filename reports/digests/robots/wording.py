"""The request that each program's robot takes, and how it says that it took it. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from reports.digests.models import Robot

Json = dict[str, object]

# WeCom takes 2,048 bytes of text, DingTalk and Feishu more.
MOST_BYTES = 2000


def request_of(robot: Robot, text: str, *, seconds: int) -> tuple[str, Json]:
    """Return address and body of one message at `seconds` since 1970, signed where the robot has a secret."""
    if robot.kind == Robot.Kind.FEISHU:
        return robot.address, _signed_body(robot, seconds) | {"msg_type": "text", "content": {"text": text}}
    body: Json = {"msgtype": "text", "text": {"content": text}}
    if robot.kind == Robot.Kind.DINGTALK and robot.secret:
        return _signed_address(robot, 1000 * seconds), body
    return robot.address, body


def refusal(answer: object) -> str:
    """Return why the robot did not take the message, "" where it did: they refuse with 200 and a number."""
    if not isinstance(answer, dict):
        return "not JSON"
    code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
    if code == 0 and not isinstance(code, bool):
        return ""
    return f"code {code}" if isinstance(code, int) else "no code"


def shortened(text: str) -> str:
    """Return the text cut at the end of a line, so that every program takes it."""
    kept: list[str] = []
    left = MOST_BYTES
    for line in text.strip().splitlines():
        left -= len(line.encode()) + 1
        if left < 0:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)


def _signed_address(robot: Robot, milliseconds: int) -> str:
    """Return DingTalk's address with its signature. Source: its manual on custom robots."""
    said = f"{milliseconds}\n{robot.secret}".encode()
    digest = hmac.new(robot.secret.encode(), said, hashlib.sha256).digest()
    query = urlencode({"timestamp": milliseconds, "sign": base64.b64encode(digest).decode()})
    return f"{robot.address}&{query}"


def _signed_body(robot: Robot, seconds: int) -> Json:
    """Return Feishu's signature, whose key and message are the other way round. Source: its manual."""
    if not robot.secret:
        return {}
    digest = hmac.new(f"{seconds}\n{robot.secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(seconds), "sign": base64.b64encode(digest).decode()}
