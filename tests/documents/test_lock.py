"""uv.lock: downloads have hashes and usual addresses, and the model brings two packages."""

import tomllib
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.servers import ROOT


@pytest.fixture(scope="module")
def packages() -> list[dict[str, Any]]:
    """The packages of uv.lock, without the line itself."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    return [package for package in locked if package["name"] != "rights-line"]


def test_downloads_have_hashes_and_the_addresses_of_the_usual_index(
    packages: list[dict[str, Any]],
) -> None:
    """A mirror of the machine that ran `make locks` is unknown to others."""
    for package in packages:
        files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        assert files, package["name"]
        for file in files:
            assert file["hash"].startswith("sha256:"), file
        hosts = {urlsplit(file["url"]).hostname for file in files}
        assert hosts == {"files.pythonhosted.org"}, package["name"]
        assert urlsplit(package["source"]["registry"]).hostname == "pypi.org", package["name"]


def test_onnx_runtime_brings_numpy_alone(packages: list[dict[str, Any]]) -> None:
    (runtime,) = (package for package in packages if package["name"] == "onnxruntime")

    assert [needed["name"] for needed in runtime["dependencies"]] == ["numpy"]
