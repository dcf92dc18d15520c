"""What allauth asks the site."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from quiz.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Failed logins are counted by the same address as everything else."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The browser's address, not the proxy's."""
        return client_address(request) or "127.0.0.1"
