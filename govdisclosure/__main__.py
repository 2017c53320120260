"""`python -m govdisclosure`: the same commands as `govdisclosure`."""

from .cli import main

if __name__ == "__main__":
    raise SystemExit(main())
