"""Which addresses are public: what a stranger could open, however it is written."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from newsroom.outside.addresses import is_public, public_or_in

PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]
NOT_PUBLIC = {
    "this machine": ["127.0.0.1", "127.255.0.1", "::1"],
    "this machine, mapped": ["::ffff:127.0.0.1", "::ffff:7f00:1"],
    "no machine": ["0.0.0.0", "0.1.2.3", "::", "255.255.255.255"],
    "private networks": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00:ec2::254"],
    "private, mapped": ["::ffff:10.0.0.1", "::ffff:169.254.169.254"],
    "private, behind NAT64": ["64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::1"],
    "private, in old tunnels": ["2002:7f00:1::", "2002:c0a8:101::1", "2001::1", "192.88.99.1", "::127.0.0.1"],
    "shared by a provider": ["100.64.0.1", "100.100.100.200"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%2", "fe80::1%eth0"],
    "with a zone": ["2606:4700:4700::1111%1"],
    "site-local": ["fec0::1"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "192.0.0.1", "198.18.0.1", "5f00::1", "4000::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "services of a cloud": ["168.63.129.16"],
}  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_what_anybody_can_open_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", [address for addresses in NOT_PUBLIC.values() for address in addresses])
def test_what_only_some_can_open_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


def test_a_network_may_be_permitted_all_the_same() -> None:
    permits = public_or_in(["10.1.0.0/16", "fd00::/64"])
    assert permits(ip_address("10.1.2.3"))
    assert permits(ip_address("fd00::1"))
    assert permits(ip_address("1.1.1.1"))
    assert not permits(ip_address("10.2.0.1"))
    assert not permits(ip_address("127.0.0.1"))
