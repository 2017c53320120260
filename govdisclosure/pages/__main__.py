"""``python -m govdisclosure.pages notebooks/*.ipynb``: run notebooks where they lie and keep their outputs."""

from __future__ import annotations

import sys

from . import keep

if __name__ == "__main__":
    errors = {path: keep(path) for path in sys.argv[1:]}
    for path, error in errors.items():
        print(f"{path}: {error or 'done'}")
    sys.exit(any(errors.values()))
