"""Texts that break careless programs: a sample of our own, and the Big List of Naughty Strings if there."""

from __future__ import annotations

import json

from django.conf import settings

# Beside the project; source and licence (MIT) stand in that folder.
BLNS = settings.BASE_DIR.parent / "shared" / "data" / "nasty" / "blns.json"
FAMILY = "\U0001f468‍\U0001f469‍\U0001f467‍\U0001f466"

# What has to come out as it went in.
LEGAL = {
    "beyond the BMP": "𠮷野家𪚥𡃁，𬭎",
    "emoji": "⭐️👍🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "joined emoji": FAMILY,
    "combining": "क्षि ก็ x̌",
    "joiners": "می‌خواهم",
    "right to left": "مرحبا العالم",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "entities": "&lt;b&gt; &amp;amp; &#60;",
    "attribute": '" onmouseover="alert(1)" \'',
    "template": "{{ 7|add:7 }}{% load i18n %}${7*7}#{7*7}",
    "format": "%s%n%(name)s{0}{name!r}",
    "query": "'; DROP TABLE records_activityrecord;-- %_\\",
    "script in an address": "javascript:alert(1)",
    "full-width": "ＡＢＣ１２３，＜ｂ＞",
    "many accents": "Z" + "̸" * 60,
}
# What comes out without what hides in it, or is refused.
ILLEGAL = {
    "override": "报告\u202excod.exe\u202c",
    "isolates": "\u2066a\u2069b",
    "nul": "a\x00b",
    "controls": "a\x07\x1b[31mb\x7f\x85c",
    "byte order": "\ufeff标题\ufffe\uffff",
    "hidden accent": "e\x00\u0301",
    "decomposed": "e\u0301",
    "line ends": "a\r\nb\rc\u2028d",
}
OWN = list((LEGAL | ILLEGAL).values())


def naughty() -> list[str]:
    """Return every string of the list; none where it is not on this machine."""
    return list(json.loads(BLNS.read_text("utf-8"))) if BLNS.exists() else []
