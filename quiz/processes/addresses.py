"""Under which addresses browsers reach the web process that runs on this machine."""

from dataclasses import dataclass

HTTP_PORT = 80  # Browsers leave it out of an address.


@dataclass(frozen=True)
class Addresses:
    """Where pages come from: ``port`` of this machine under all its names, and the public address if there is one."""

    port: int
    lan: tuple[str, ...]
    names: tuple[str, ...]
    site_url: str = ""

    @property
    def here(self) -> str:
        """The address for a browser on this machine."""
        return self._url("localhost")

    @property
    def there(self) -> str:
        """The address for everybody else; nothing on a machine without a network."""
        return self.site_url or (self._url(self.lan[0]) if self.lan else "")

    @property
    def hosts(self) -> tuple[str, ...]:
        """All names and addresses by which a request may call this machine."""
        return ("localhost", "127.0.0.1", *self.lan, *self.names)

    @property
    def origins(self) -> tuple[str, ...]:
        """All origins that a page of ours can have (RFC 6454 section 6.2)."""
        return (*map(self._url, self.hosts), *([self.site_url] if self.site_url else []))

    def _url(self, host: str) -> str:
        return f"http://{host}" if self.port == HTTP_PORT else f"http://{host}:{self.port}"
