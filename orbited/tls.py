"""``https://``: the key and certificates of ``[ssl]``, which may be replaced while connections live.

What is offered is Twisted's choice: TLS 1.2 and 1.3, ciphers with forward secrecy, no compression, no renegotiation.
A connection keeps what it was made with; the next handshake gets what was adopted last.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificates
from OpenSSL.SSL import Connection, Error
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.internet.ssl import CertificateOptions
from twisted.protocols.tls import TLSMemoryBIOFactory
from zope.interface import implementer

from orbited.config import Config
from orbited.errors import ConfigError
from orbited.reactor import Clock

HTTP_1_1 = b"http/1.1"  # the one protocol that we speak, for browsers that ask (RFC 7301)


class Identity(NamedTuple):
    """Key and certificates that belong together; ``ends_at`` is in seconds since 1970."""

    options: CertificateOptions
    ends_at: float


def read_identity(config: Config) -> Identity | None:
    """Read the files of ``[ssl]``, if there are any; ConfigError says which of them cannot be used, and why."""
    if config.certificates is None:
        return None
    files, where = config.certificates, partial(config.where, "ssl")
    key = _read_key(where("key"), files.key)
    own, *others = _read_certificates(where("crt"), files.certificate)
    if files.chain is not None:
        others += _read_certificates(where("chain"), files.chain)
    return Identity(_options(where("key"), key, own, others), own.not_valid_after_utc.timestamp())


@implementer(IOpenSSLServerConnectionCreator)
class Tls:
    """What every TLS listener asks at each handshake."""

    def __init__(self, identity: Identity) -> None:
        self.adopt(identity)

    def adopt(self, identity: Identity) -> None:
        """Show this certificate from the next handshake on."""
        self._options = identity.options

    def serverConnectionForTLS(self, tlsProtocol: Any) -> Connection:  # noqa: ANN401
        """The TLS side of one new connection."""
        return self._options.serverConnectionForTLS(tlsProtocol)

    def over(self, factory: Any, clock: Clock) -> TLSMemoryBIOFactory:  # noqa: ANN401
        """What speaks as ``factory`` does, but encrypted."""
        return TLSMemoryBIOFactory(cast(Any, self), False, factory, cast(Any, clock))


def _options(where: str, key: Any, own: Certificate, others: Iterable[Certificate]) -> CertificateOptions:  # noqa: ANN401
    # Twisted's annotations know pyOpenSSL's own types only, which pyOpenSSL itself wants no longer.
    # A chain may begin with the own certificate once more: 0.7.11 read it so.
    extra: Any = [other for other in others if other != own]
    options = CertificateOptions(key, cast(Any, own), extraCertChain=extra, acceptableProtocols=[HTTP_1_1])
    try:
        options.getContext()
    except Error:
        raise ConfigError(where, "the key does not belong to the certificate in crt") from None
    return options


def _read_key(where: str, path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(_read(where, path), password=None)
    except TypeError:
        raise ConfigError(where, f"'{path}' asks for a passphrase; the relay needs a key without one") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigError(where, f"'{path}' holds no private key in PEM form that could be used") from None


def _read_certificates(where: str, path: Path) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(_read(where, path))
    except ValueError:
        raise ConfigError(where, f"'{path}' holds no certificate in PEM form") from None


def _read(where: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(where, f"'{path}' cannot be read: {error.strerror}") from None
