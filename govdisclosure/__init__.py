"""Chinese open-government-information annual reports (政府信息公开工作年度报告) as tidy, validated pandas
frames.

>>> import govdisclosure as gd
>>> corpus = gd.read_corpus("data/reports")          # doctest: +SKIP
>>> corpus.requests.query("row == 'received' and applicant == 'total'")  # doctest: +SKIP
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

# Public name → module that defines it; loaded at first use, so that the import itself costs
# nothing.
_PUBLIC = {
    "read_report": "corpus",
    "read_corpus": "corpus",
    "Corpus": "corpus",
    "Report": "corpus",
    "load": "dataset",
    "build": "build",
    "codebook": "export",
    "fill_blanks": "views",
    "wide": "views",
    "label": "views",
    "indicators": "indicators",
    "pool": "indicators",
    "harmonize": "views",
    "DisclosureError": "errors",
}
_MODULES = ("plots", "forms", "errors", "schema", "views")

__all__ = [*_PUBLIC, "plots", "__version__"]


def __getattr__(name: str):
    if name in _PUBLIC:
        value = getattr(import_module(f".{_PUBLIC[name]}", __name__), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Importing the module `indicators` binds it in its package; the function of that name is what
    users mean.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name in _PUBLIC and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
