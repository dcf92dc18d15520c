"""Handshakes in memory: Python's own ``ssl`` on the client's side."""

import ssl

import pytest
from twisted.internet.protocol import ServerFactory
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from orbited.config import Certificates, Config
from orbited.errors import ConfigError
from orbited.listeners.echo import Echo
from orbited.tls import Tls, read_identity
from tests.orbited.certificates import certificate_pem, key_pem, make_certificate, make_key, write_pair


class Browser:
    """One TLS connection to an echo."""

    def __init__(self, tls, **versions):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2", "http/1.1"])
        for version, value in versions.items():
            setattr(context, version, value)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self.clock = Clock()
        self.server = tls.over(ServerFactory.forProtocol(Echo), self.clock).buildProtocol(None)
        self.transport = StringTransport()
        self.transport.protocol = self.server
        self.server.makeConnection(self.transport)

    def shake_hands(self):
        for _ in range(5):
            try:
                self.tls.do_handshake()
                self.exchange()
                return self
            except ssl.SSLWantReadError:
                self.exchange()
        raise AssertionError("no end of the handshake")

    def exchange(self):
        if sent := self.outgoing.read():
            self.server.dataReceived(sent)
        self.clock.advance(0)
        self.incoming.write(self.transport.value())
        self.transport.clear()

    def ask(self, data):
        self.tls.write(data)
        self.exchange()
        return self.tls.read()

    @property
    def certificate(self):
        return self.tls.getpeercert(binary_form=True)


@pytest.fixture
def files(tmp_path):
    return Certificates(tmp_path / "key.pem", tmp_path / "crt.pem", None)


@pytest.fixture
def identity(files, tmp_path):
    write_pair(tmp_path)
    return read(files)


def read(files):
    return read_identity(Config(certificates=files))


def der(certificate):
    return ssl.PEM_cert_to_DER_cert(certificate_pem(certificate).decode())


def test_bytes_pass_encrypted(identity):
    browser = Browser(Tls(identity)).shake_hands()
    assert browser.ask(b"hello") == b"hello"
    assert browser.tls.version() == "TLSv1.3"
    assert browser.tls.selected_alpn_protocol() == "http/1.1"


def test_tls_1_2_is_the_oldest_and_has_forward_secrecy(identity):
    browser = Browser(Tls(identity), maximum_version=ssl.TLSVersion.TLSv1_2).shake_hands()
    assert browser.tls.cipher()[0].startswith("ECDHE")
    assert browser.tls.compression() is None


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_older_ones_are_refused(identity):
    old = Browser(Tls(identity), minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
    with pytest.raises(ssl.SSLError):
        old.shake_hands()


def test_next_handshake_gets_the_new_certificate_and_old_connections_live(files, tmp_path):
    first = write_pair(tmp_path)
    tls = Tls(read(files))
    before = Browser(tls).shake_hands()
    second = write_pair(tmp_path)
    tls.adopt(read(files))
    after = Browser(tls).shake_hands()
    assert before.certificate == der(first)
    assert after.certificate == der(second)
    assert before.ask(b"still here") == b"still here"


@pytest.mark.parametrize("where", ["crt", "chain", "chain that begins with the own one"])
def test_chain_is_sent(files, tmp_path, where):
    root_key, middle_key, key = make_key(), make_key(), make_key()
    root = make_certificate("root", root_key)
    middle = make_certificate("middle", middle_key, (root, root_key))
    own = make_certificate("localhost", key, (middle, middle_key))
    (tmp_path / "key.pem").write_bytes(key_pem(key))
    (tmp_path / "crt.pem").write_bytes(certificate_pem(own, middle) if where == "crt" else certificate_pem(own))
    (tmp_path / "chain.pem").write_bytes(certificate_pem(middle) if where == "chain" else certificate_pem(own, middle))
    identity = read(files if where == "crt" else files._replace(chain=tmp_path / "chain.pem"))
    assert identity.options.extraCertChain == [middle]
    assert Browser(Tls(identity)).shake_hands().certificate == der(own)


def test_end_of_the_certificate_is_known(files, tmp_path):
    certificate = write_pair(tmp_path)
    assert read(files).ends_at == certificate.not_valid_after_utc.timestamp()


def test_without_files_there_is_nothing():
    assert read_identity(Config()) is None


def missing(files):
    files.certificate.unlink()
    return "crt", "cannot be read: No such file"


def no_certificate(files):
    files.certificate.write_bytes(b"nonsense")
    return "crt", "holds no certificate"


def no_key(files):
    files.key.write_bytes(files.certificate.read_bytes())
    return "key", "holds no private key"


def key_with_a_passphrase(files):
    files.key.write_bytes(key_pem(make_key(), b"secret"))
    return "key", "asks for a passphrase"


def key_of_another(files):
    files.key.write_bytes(key_pem(make_key()))
    return "key", "does not belong to the certificate"


@pytest.mark.parametrize("spoil", [missing, no_certificate, no_key, key_with_a_passphrase, key_of_another])
def test_what_cannot_be_used_is_named_with_its_line(files, identity, spoil):
    key, reason = spoil(files)
    with pytest.raises(ConfigError) as caught:
        read_identity(Config(certificates=files, places={("ssl", key): "orbited.cfg:7"}))
    assert str(caught.value).startswith(f"orbited.cfg:7: [ssl] {key}: ")
    assert reason in str(caught.value)
    assert "secret" not in str(caught.value)
