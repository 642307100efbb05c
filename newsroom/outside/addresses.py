"""Which addresses of the network are public.

A server stands inside a network that its visitors do not see: its own services on the loopback, the machines
beside it, the cloud's page of secrets on 169.254.169.254. So it opens for somebody only what anybody could
open. `ipaddress` keeps the registries of IANA, and each Python keeps them as they were on its day; what an
older one lacks, and what is dangerous without being registered, is listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")  # all that was ever given out
_NOT_PUBLIC: tuple[Network, ...] = (
    IPv4Network("168.63.129.16/32"),  # Azure's own services, to every machine inside
    IPv4Network("192.0.0.0/24"),  # of protocols: DS-Lite, discovery of NAT64, and clouds' own services
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, given up
    IPv6Network("2001::/32"),  # Teredo, a tunnel to an IPv4 address that is written inside
    IPv6Network("2002::/16"),  # 6to4, likewise
    IPv6Network("3fff::/20"),  # documentation
)


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could mean this machine by it: global, unicast, without a zone.

    An IPv6 address that only writes an IPv4 one in another way (mapped, NAT64) is as public as that one.
    """
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _UNICAST:
            return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NOT_PUBLIC if network.version == address.version)
    )


def public_or_in(networks: Iterable[str]) -> Callable[[Address], bool]:
    """The same rule, with networks that are permitted all the same, such as "10.1.0.0/16"."""
    permitted = [ip_network(network) for network in networks]
    return lambda address: is_public(address) or any(address in network for network in permitted)
