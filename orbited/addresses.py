"""Which addresses a target's name may lead to: judged once the name is looked up, before anything is connected to.

``[access]`` lists names, but whoever answers for a name says where it leads, and may say something else each time. No
name leads to what no target can be (unspecified, multicast, broadcast and reserved addresses) or to what trusts
whoever reaches it: link-local addresses, the metadata services of hosting companies, and this machine itself unless
the name is its own. An IPv4 address written as an IPv6 one is judged as what it is. An address that ``[access]`` itself
names is not asked about here.

Source: the IANA special-purpose address registries; RFC 6052 and 8215 (NAT64), 4291, 3056 (6to4), 4380 (Teredo).
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

REFUSED: dict[IPv4Network | IPv6Network, str] = {
    ip_network(network): why
    for network, why in {
        "0.0.0.0/8": "no particular address",
        "100.100.100.200/32": "a hosting company's metadata service",  # Alibaba
        "168.63.129.16/32": "a hosting company's metadata service",  # Azure
        "169.254.0.0/16": "a link-local address",  # the metadata service of most others is 169.254.169.254
        "192.0.0.192/32": "a hosting company's metadata service",  # Oracle
        "224.0.0.0/4": "a multicast address",
        "240.0.0.0/4": "a reserved address",  # 255.255.255.255 is everybody's
        "::/128": "no particular address",
        "fd00:ec2::254/128": "a hosting company's metadata service",  # Amazon
        "fd20:ce::254/128": "a hosting company's metadata service",  # Google
        "fe80::/10": "a link-local address",
        "fec0::/10": "a link-local address",  # site-local, since given up
        "ff00::/8": "a multicast address",
    }.items()
}
# IPv6 addresses whose last 32 bits are an IPv4 address.
_TRAILING_IPV4 = tuple(map(IPv6Network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")))


def refusal(address: str, own_name: bool) -> str | None:
    """Why a name must not lead to ``address``, None when it may; ``own_name``: the name is this machine's."""
    return _judge(ip_address(address.partition("%")[0]), own_name)


def _judge(address: IPv4Address | IPv6Address, own_name: bool) -> str | None:
    if address.is_loopback:
        return None if own_name else "this machine, which goes by another name"
    for network, why in REFUSED.items():
        if address in network:
            return why
    inner = _embedded(address) if isinstance(address, IPv6Address) else None
    return None if inner is None else _judge(inner, own_name)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if any(address in network for network in _TRAILING_IPV4):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.teredo[1] if address.teredo else address.sixtofour
