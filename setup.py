"""Puts notebooks/ and data/ into the wheel, as govdisclosure/notebooks and govdisclosure/data; all else: pyproject.toml."""

from pathlib import Path
from shutil import copyfile

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("notebooks/*.ipynb", "data/*.csv", "data/reports/*", "data/figures/*")


class Build(build_py):
    """build_py that also copies what the notebooks need."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # the checkout itself has them
            return
        for pattern in SHIPPED:
            for path in filter(Path.is_file, Path().glob(pattern)):
                target = Path(self.build_lib, "govdisclosure", path)
                self.mkpath(str(target.parent))
                copyfile(path, target)


setup(cmdclass={"build_py": Build})
