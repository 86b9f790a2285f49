"""The house keeps its own rules: sizes, names, docstrings, addresses, settings, requirements."""

from __future__ import annotations

import ast
import functools
import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import polib
import pytest
from celery import current_app
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("portal", "units", "reports", "tasks")
MOST_MODULE_LINES = 300
MOST_FUNCTION_LINES = 50
MOST_TEMPLATE_LINES = 120
FOREIGN = {"var", "vendor", "node_modules", "__pycache__", "htmlcov"}
NO_NAMES = {"core", "common", "utils", "helpers", "services", "signals"}
# Where a person counts because of who they are and not by a role: superusers and how they are made.
KNOW_SUPERUSERS = {"units/models/account.py", "units/scope.py", "units/accounts.py"}
KNOW_GUARDIAN = {"units/scope.py", "units/models/grants.py", "portal/settings.py"}


def files(*patterns: str) -> list[Path]:
    """Return the repository's own files whose path ends like one of `patterns`."""
    return [path for path in _own_files() if any(path.match(pattern) for pattern in patterns or ["*"])]


@functools.cache
def _own_files() -> list[Path]:
    """Return all files but what is installed, made, kept or somebody else's."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in FOREIGN and (name[0] != "." or name == ".ci")]
        # A second working tree has a file of this name.
        found += [Path(folder) / name for name in names if name != ".git"]
    return sorted(found)


def short(path: Path) -> str:
    """Return a path as the repository writes it."""
    return path.relative_to(ROOT).as_posix()


def code() -> list[Path]:
    """Return the product's modules without its migrations."""
    modules = (path for path in files("*.py") if path.relative_to(ROOT).parts[0] in ROOMS)
    return [path for path in modules if "migrations" not in path.parts]


def all_code() -> list[Path]:
    """Return the product's modules, its tests and its measurements."""
    return [path for path in files("*.py") if "migrations" not in path.parts]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parsed(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text())


def test_modules_and_functions_keep_their_size() -> None:
    too_long = [
        f"{short(path)}: {n_lines} lines"
        for path in all_code()
        if (n_lines := len(path.read_text().splitlines())) > MOST_MODULE_LINES
    ]
    for path in all_code():
        for function in functions(parsed(path)):
            n_lines = (function.end_lineno or 0) - function.lineno + 1
            if n_lines > MOST_FUNCTION_LINES:
                too_long.append(f"{short(path)}: {function.name} {n_lines} lines")
    assert too_long == []


def test_templates_keep_their_size() -> None:
    too_long = [
        f"{short(path)}: {n_lines} lines"
        for path in files("*.html")
        if (n_lines := len(path.read_text().splitlines())) > MOST_TEMPLATE_LINES
    ]
    assert too_long == []


def _is_public(name: str) -> bool:
    return not name.startswith("_")


def _undocumented(path: Path) -> Iterator[str]:
    """Yield the public names of a module that say nothing about themselves."""
    tree = parsed(path)
    if ast.get_docstring(tree) is None and (path.name != "__init__.py" or tree.body):
        yield short(path)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and _is_public(node.name):
            yield from _undocumented_of(path, node)
        elif isinstance(node, ast.FunctionDef) and _is_public(node.name) and not ast.get_docstring(node):
            yield f"{short(path)}: {node.name}"


def _undocumented_of(path: Path, owner: ast.ClassDef) -> Iterator[str]:
    """Yield a class without a docstring and its own public methods without one.

    A method that fills in one of a library's base class says what it does by its name there.
    """
    if not ast.get_docstring(owner):
        yield f"{short(path)}: {owner.name}"
    inherited = _names_of_bases(path, owner.name)
    for node in owner.body:
        if not isinstance(node, ast.FunctionDef) or not _is_public(node.name) or node.name in inherited:
            continue
        if not ast.get_docstring(node):
            yield f"{short(path)}: {owner.name}.{node.name}"


def _names_of_bases(path: Path, class_name: str) -> set[str]:
    """Return the names that a class's bases define."""
    owner = getattr(import_module(short(path).removesuffix(".py").replace("/", ".")), class_name, object)
    return {name for base in owner.__mro__[1:] for name in vars(base)}


def test_every_public_module_class_and_function_says_what_it_is_for() -> None:
    skipped = re.compile(r"/management/commands/|/apps\.py$|/__init__\.py$")
    found = [name for path in code() if not skipped.search(short(path)) for name in _undocumented(path)]
    assert found == []


def test_names_say_what_a_module_holds() -> None:
    assert [
        short(path) for path in code() if NO_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)
    ] == []


def test_imports_stand_at_the_top() -> None:
    inner = [
        f"{short(path)}:{node.lineno}"
        for path in all_code()
        for function in functions(parsed(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inner == []


def test_package_fronts_define_nothing() -> None:
    defining = [
        short(path)
        for path in code()
        if path.name == "__init__.py"
        and any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in parsed(path).body)
    ]
    assert defining == []


def test_pages_load_nothing_from_outside() -> None:
    loads = re.compile(
        r"""(?:src|srcset|action|poster|data-src)\s*=\s*["']?\s*(?:https?:)?//"""
        r"""|<link[^>]+href\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
        r"""|(?:fetch|import)\(\s*["'](?:https?:)?//"""
    )
    found = [
        f"{short(path)}: {match[0]}"
        for path in files("*.html", "*.css", "*.js", "*.svg")
        for match in loads.finditer(path.read_text())
    ]
    assert found == []


def test_templates_hold_no_script_and_no_style() -> None:
    script = re.compile(r"""<script(?![^>]*\bsrc=)[^>]*>|<style\b|\son[a-z]+\s*=\s*["']|javascript:""", re.I)
    style = re.compile(r"""\sstyle\s*=\s*["']""", re.I)
    pages = files("*.html")
    # A mail brings its looks with it: mail programs read no style sheet.
    mails = [path for path in pages if path.parent.name == "digests" and path.name != "unsubscribe.html"]
    found = [(path, match[0]) for path in pages for match in script.finditer(path.read_text())]
    found += [(path, "style") for path in pages if path not in mails and style.search(path.read_text())]
    assert [f"{short(path)}: {what}" for path, what in found] == []


def test_only_the_scope_knows_guardian() -> None:
    importing = re.compile(r"^\s*(?:from|import) guardian\b", re.M)
    found = {short(path) for path in code() if importing.search(path.read_text())}
    assert found <= KNOW_GUARDIAN


def test_superusers_are_known_where_they_are_the_subject() -> None:
    found = {short(path) for path in code() if "is_superuser" in path.read_text()}
    assert found <= KNOW_SUPERUSERS


def test_no_file_names_a_place_of_somebodys_machine() -> None:
    # Put together here, so that this file does not find itself.
    places = re.compile(
        "|".join(["/ho" + "me/[a-z]", "/Us" + "ers/[a-z]", "/wo" + "rk/", r"[A-Z]:\\Us" + "ers"])
    )
    found = [
        short(path)
        for path in files()
        if path.suffix in {".py", ".md", ".html", ".toml", ".txt", ".sh", ".in", ".yaml", ".service", ""}
        and places.search(path.read_text(errors="replace"))
    ]
    assert found == []


def test_example_of_the_environment_is_complete() -> None:
    reads = re.compile(r"""environment\.[a-z_]+\(\s*["']([A-Z_]+)["']""")
    read = {name for path in code() for name in reads.findall(path.read_text())} | {"SECRET_KEY"}
    example = (ROOT / "deploy" / "env.example").read_text()
    listed = re.findall(r"^([A-Z_]+)=", example, re.M)
    assert sorted(listed) == sorted(read)


@pytest.fixture(scope="module")
def registered() -> set[str]:
    """Return the names of the tasks that a worker knows."""
    for name in settings.CELERY_IMPORTS:
        import_module(name)
    return set(current_app.tasks)


def test_clock_and_doorbell_ask_for_tasks_that_exist(registered: set[str]) -> None:
    rings = re.compile(r"""ring\(\s*["'](tasks\.[a-z_.]+)["']""")
    rung = {name for path in code() for name in rings.findall(path.read_text())}
    timed = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert rung
    assert timed
    assert (rung | timed) - registered == set()


def test_every_module_of_tasks_is_loaded_by_the_worker() -> None:
    written = {
        short(path).removesuffix(".py").replace("/", ".")
        for path in code()
        if short(path).startswith("tasks/") and "shared_task" in path.read_text()
    }
    assert written == set(settings.CELERY_IMPORTS)


def _named(path: Path) -> set[str]:
    """Return the packages that a list of requirements asks for."""
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    names = [re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line and not line.startswith("-")]
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


@pytest.mark.parametrize("stem", ["requirements", "requirements-dev"])
def test_c70_requirements_are_pinned_and_agree_with_what_was_asked_for(stem: str) -> None:
    pinned = ROOT / f"{stem}.txt"
    lines = [line for line in pinned.read_text().splitlines() if line and not line.lstrip().startswith("#")]
    assert [
        line for line in lines if not re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^*<>~ ]+( ;.*)?$", line)
    ] == []
    asked = {line for line in _named(ROOT / f"{stem}.in") if line != "c"}
    assert asked - _named(pinned) == set()


def test_compiled_translations_are_fresh() -> None:
    for path in files("locale/*.po"):
        wanted = {
            (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
            for entry in polib.pofile(str(path))
            if entry.translated()
        }
        compiled = path.with_suffix(".mo")
        assert compiled.is_file(), f"{short(compiled)} is missing: make messages"
        found = {
            (entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr
            for entry in polib.mofile(str(compiled))
        }
        assert found == wanted, f"{short(compiled)} is older than its .po: make messages"


def test_links_of_the_documents_lead_somewhere() -> None:
    link = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
    dead = [
        f"{short(path)}: {target}"
        for path in files("*.md")
        for target in link.findall(path.read_text())
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert dead == []


def test_rules_have_a_number_each() -> None:
    numbers = re.findall(r"^\| (R\d+) \|", (ROOT / "docs" / "rules.md").read_text(), re.M)
    assert len(numbers) > 30
    assert sorted(numbers) == sorted(set(numbers))
