"""Every word in Chinese: nothing missing, nothing fuzzy, nothing stale, the libraries' holes filled."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import import_export
import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ROOMS = ["portal", "units", "reports", "tasks", "templates"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
# What stays as it is: names, file types, signs.
SAME_IN_BOTH = re.compile(r"^(%\(\w+\)[sd]|[\W\d_])*$|^(HTML|OK|URL|ID|xlsx|csv|j|English|简体中文)$")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_nothing_is_missing_fuzzy_or_obsolete(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def test_placeholders_survive(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        for translated in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translated:
                wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
                assert set(PLACEHOLDER.findall(translated)) == wanted, entry.msgid


def test_translations_are_chinese(catalogue: polib.POFile) -> None:
    latin = [
        entry.msgid
        for entry in catalogue
        if entry.msgstr
        and not SAME_IN_BOTH.match(entry.msgid)
        and not re.search(r"[\u4e00-\u9fff]", entry.msgstr)
    ]
    assert latin == []


def test_compiled_catalogue_is_fresh(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled if not entry.msgid_plural} == {
        entry.msgid: entry.msgstr for entry in catalogue if not entry.msgid_plural
    }


def test_no_string_of_the_code_is_unknown_to_the_catalogue(tmp_path: Path, catalogue: polib.POFile) -> None:
    if shutil.which("xgettext") is None or shutil.which("git") is None:
        pytest.skip("gettext is not installed, so the strings cannot be collected")
    copy_sources(tmp_path)
    (tmp_path / "locale").mkdir()
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "-l",
        "zh_Hans",
        "-v",
        "0",
        "-e",
        "py,html,txt",
    ]
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "LANG": "C.UTF-8"}
    subprocess.run(command, cwd=tmp_path, check=True, env=environment)
    collected = polib.pofile(str(tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po"))
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert [entry.msgid for entry in collected if (entry.msgctxt, entry.msgid) not in known] == []


def copy_sources(target: Path) -> None:
    """Copy the files that may hold strings, so that collecting them touches nothing of ours."""
    command = ["git", "ls-files", "-co", "--exclude-standard", *ROOMS]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so the files cannot be listed")
    for name in listed.stdout.splitlines():
        if name.endswith((".py", ".html", ".txt")) and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def test_holes_of_the_libraries_are_filled() -> None:
    theirs = Path(import_export.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    with translation.override("zh-hans"):
        holes = [entry.msgid for entry in polib.pofile(str(theirs)) if gettext(entry.msgid) == entry.msgid]
    assert holes == []
