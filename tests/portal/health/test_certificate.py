"""Doctor says when browsers stop believing the site's certificate."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.health.outside import certificate_holds
from tests.waiting import silent_port


def _certificate(path, days):
    """A certificate of localhost, which is its own authority, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(pem))


def _shake_hands(listening, context):
    link, _address = listening.accept()
    with link:
        try:
            context.wrap_socket(link, server_side=True).close()
        except OSError:
            return


@pytest.mark.parametrize(
    ("days", "believed", "found"),
    [
        (60, True, []),
        (5, True, ["The certificate of localhost ends in 5 days."]),
        (-1, True, ["Browsers do not believe the certificate of localhost: certificate has exp"]),
        (60, False, ["Browsers do not believe the certificate of localhost: self-signed cert"]),
    ],
)
def test_a_certificate_is_tried_as_a_browser_would(
    settings, monkeypatch, tmp_path, days, believed, found
):
    file = tmp_path / "site.pem"
    _certificate(file, days)
    if believed:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=_shake_hands, args=(listening, context))
        server.start()
        settings.HTTPS = True
        settings.SITE_URL = f"https://localhost:{listening.getsockname()[1]}"
        said = [trouble.said for trouble in certificate_holds()]
        server.join()
    assert len(said) == len(found)
    assert all(text.startswith(start) for text, start in zip(said, found, strict=True)), said


def test_a_site_that_does_not_answer_is_named(settings):
    with silent_port() as port:
        settings.HTTPS, settings.SITE_URL = True, f"https://127.0.0.1:{port}"
        (trouble,) = certificate_holds()
    assert trouble.said.startswith(
        f"The site does not answer at its own address https://127.0.0.1:{port}"
    )
