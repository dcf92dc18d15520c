"""Keys and certificates for tests, made on the spot, each good for a day."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def make_key():
    return ec.generate_private_key(ec.SECP256R1())


def make_certificate(name, key, issuer=None):
    """A certificate of ``name`` for ``key``, signed by itself or by ``issuer`` = (its certificate, its key)."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by, with_key = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(with_key, SHA256())
    )


def key_pem(key, passphrase=None):
    protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


def certificate_pem(*certificates):
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def write_pair(folder, name="localhost"):
    """Files ``key.pem`` and ``crt.pem`` of a new certificate, which is given back."""
    key = make_key()
    certificate = make_certificate(name, key)
    (folder / "key.pem").write_bytes(key_pem(key))
    (folder / "crt.pem").write_bytes(certificate_pem(certificate))
    return certificate
