"""A certificate of a test authority."""

import subprocess
from pathlib import Path


def make_certificate(folder: Path, names: str) -> None:
    """Write an authority (ca.pem) and its certificate of the names (line.pem, line.key)."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    # Python 3.13 refuses an authority without this.
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    authority = ("-subj", "/CN=A test", *usage, "-keyout", "ca.key", "-out", "ca.pem")
    _openssl(folder, "req", "-x509", *key, *authority)
    (folder / "names").write_text(f"subjectAltName={names}\n")
    _openssl(folder, "req", *key, "-subj", "/CN=line", "-keyout", "line.key", "-out", "line.csr")
    signs = ("-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-extfile", "names")
    _openssl(folder, "x509", "-req", "-in", "line.csr", *signs, "-out", "line.pem")


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
