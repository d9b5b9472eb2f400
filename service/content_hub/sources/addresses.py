"""Which addresses are on the public internet.

Python's own `is_global` is not enough: it says yes to addresses that translate to private ones.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, 2.5.5.1
# Not public, whatever a Python release says: IETF protocol assignments (RFC 6890) and NAT64 within
# one network (RFC 8215).
_NEVER = (ip_network("192.0.0.0/24"), ip_network("64:ff9b:1::/48"))


def is_public(text: str) -> bool:
    """Tell whether an IP address, and every one that it stands for, is on the public internet."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    return all(_is_public(reached) for reached in _reached(address))


def _reached(address: Address) -> tuple[Address, ...]:
    """Return what packets to the address may reach: what it translates to, else itself."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address, address.sixtofour)
    if address.teredo:
        return (address, *address.teredo)
    if address in _NAT64 or address in _COMPATIBLE:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return (address,)


def _is_public(address: Address) -> bool:
    if any(address in network for network in _NEVER):
        return False
    local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or local)
