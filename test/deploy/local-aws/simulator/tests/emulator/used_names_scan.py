"""Which names of ministack the emulator package uses, by its source."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "emulator"


def used_names() -> dict[str, set[str]]:
    """Module below `ministack` and the names in it that the code imports or reads from it."""
    found: dict[str, set[str]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for module, name in _names_in(ast.parse(file.read_text())):
            found.setdefault(module, set()).add(name)
    return found


def _names_in(tree: ast.AST) -> list[tuple[str, str]]:
    modules, names = {}, []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("ministack"):
            continue
        base = (node.module or "").removeprefix("ministack").removeprefix(".")
        for alias in node.names:
            inner = f"{base}.{alias.name}".lstrip(".")
            if importlib.util.find_spec(f"ministack.{inner}") if _is_package(base) else None:
                modules[alias.asname or alias.name] = inner
            else:
                names.append((base, alias.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            names.append((modules[node.value.id], node.attr))
    return names


def _is_package(base: str) -> bool:
    specification = importlib.util.find_spec(f"ministack.{base}" if base else "ministack")
    return bool(specification and specification.submodule_search_locations)
