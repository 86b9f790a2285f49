"""Which addresses are posted to, and what is posted there; nothing here needs a database."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from reports.digests.models import Robot
from reports.digests.robots.hosts import check_address
from reports.digests.robots.wording import refusal, request_of, shortened
from units.rules import RuleError


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://localhost/",
        "https://evil.example/?qyapi.weixin.qq.com",
        "https://qyapi.weixin.qq.com.evil.example/",
        "https://qyapi.weixin.qq.com@evil.example/",
        "https://evil.example\\@qyapi.weixin.qq.com/",
        "https://qyapi.weixin.qq.com:8443/",
        "https://qyapi.weixin.qq.com:x/",
        "https://qyapi.weixin.qq.com/ \r\nHost: evil.example",
        "https://[oapi.dingtalk.com/",
        "file:///etc/passwd",
        "",
    ],
)
def test_other_hosts_are_refused(address: str) -> None:
    with pytest.raises(RuleError):
        check_address(address)


def test_number_is_refused_even_where_the_setting_names_it(settings: LazySettings) -> None:
    settings.ROBOT_HOSTS = ["127.0.0.1"]
    with pytest.raises(RuleError):
        check_address("https://127.0.0.1/")


def test_dingtalk_and_feishu_are_signed_as_their_manuals_say() -> None:
    robot = Robot(
        kind="dingtalk", address="https://oapi.dingtalk.com/robot/send?access_token=t", secret="SEC1"
    )
    address, body = request_of(robot, "x", seconds=1_700_000_000)
    assert "&timestamp=1700000000000&sign=" in address
    assert body == {"msgtype": "text", "text": {"content": "x"}}
    robot = Robot(kind="feishu", address="https://open.feishu.cn/open-apis/bot/v2/hook/t", secret="s")
    address, body = request_of(robot, "x", seconds=1_700_000_000)
    assert address == robot.address
    assert body["msg_type"] == "text"
    assert (body["timestamp"], len(str(body["sign"]))) == ("1700000000", 44)


def test_text_is_cut_at_the_end_of_a_line() -> None:
    cut = shortened("\n".join(["滨海市第一中学"] * 300))
    assert len(cut.encode()) <= 2048
    assert cut.endswith("学\n…")
    assert shortened("短") == "短"


@pytest.mark.parametrize("answer", [True, None, [], {"errcode": False}, {"errcode": "0"}, {"errcode": 1}])
def test_only_zero_means_taken(answer: object) -> None:
    assert refusal(answer)
    assert refusal({"errcode": 0}) == refusal({"code": 0}) == refusal({"StatusCode": 0}) == ""
