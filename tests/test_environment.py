"""environment.yml and pyproject.toml name the same packages with the same bounds; neither names a registry."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
# conda-forge's names for packages that the Python index calls otherwise
CONDA_NAMES = {"python-duckdb": "duckdb", "matplotlib-base": "matplotlib"}
EXTRAS = ("pdf", "excel", "office", "notebooks", "scale", "test")


def wanted() -> set[str]:
    """Requirements of `.[all,test]`, without the project itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    return {*project["dependencies"], *(r for e in EXTRAS for r in extras[e])}


def conda() -> set[str]:
    """Requirements of environment.yml under the Python index's names."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    plain = [d for d in listed if isinstance(d, str)] + next(
        d["pip"] for d in listed if isinstance(d, dict)
    )
    names = [
        re.match(r"([A-Za-z0-9-]+)(.*)", d)
        for d in plain
        if d not in ("pip", "-e .") and not d.startswith("python>")
    ]
    return {CONDA_NAMES.get(m[1], m[1]) + m[2] for m in names}


def test_conda_users_get_the_same():
    assert conda() == wanted()


def test_the_python_bound_is_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (
        "python" + project["requires-python"]
        in yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    )


def test_all_is_every_extra_that_make_installs():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    assert extras["all"] == ["govdisclosure[pdf,excel,office,notebooks,scale]"]


def test_no_registry_is_named():
    for name in ("pyproject.toml", "environment.yml", "Makefile", ".ci/run", "README.md"):
        path = ROOT / name
        assert not re.search(
            r"https?://[^\s)\"']*(?:pypi|anaconda|conda\.|mirror)|--index-url|find-links",
            path.read_text("utf-8"),
        ), name


def test_no_folder_of_tests_is_passed_over(request):
    """pytest's own list has `build`: nothing of tests/build was run for a while."""
    tests = (path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    folders = {folder for path in tests for folder in path.parts[:-1]}
    left_out = request.config.getini("norecursedirs")
    assert "build" in folders
    assert not [f for f in folders for pattern in left_out if fnmatch(f, pattern)]
