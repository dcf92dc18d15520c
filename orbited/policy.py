"""What the relay allows: everything that may change while it runs, in one place, changed all at once.

Every part of the relay holds the same ``Policy`` and asks it at the moment of use, so that a reload (``adopt``) counts
for the next request and the next session.
"""

from orbited.access import Access
from orbited.config import Config
from orbited.hosts import Hosts
from orbited.origins import Origins


class Policy:
    """The rules and limits of the configuration adopted last."""

    def __init__(self, config: Config, own_name: str = "") -> None:
        """``own_name``: what this machine calls itself; no configuration changes it."""
        self._own_name = own_name
        self.adopt(config)

    def adopt(self, config: Config) -> None:
        """Follow ``config`` from now on."""
        self.access = Access(config.access)
        self.origins = Origins(config.origins)
        self.hosts = Hosts(config.hosts, config.access, config.origins, self._own_name)
        self.limits = config.limits
        self.session = config.session
