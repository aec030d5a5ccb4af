"""An IPv6 address that leads to an IPv4 address is decided by both: no form of an inner address is a way around the rules."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.security.targets import PLANT_NETWORKS, REMOTES, SINKS, SOURCES, WEBHOOKS, Purpose, Targets, unwrap
from openness_bridge.errors import Problem

INSIDE = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "0.0.0.0/8",
    "224.0.0.0/4",
    "192.0.0.0/24",
    "192.88.99.0/24",
)
PUBLIC = ("8.8.8.0/24", "1.1.1.0/24", "93.184.216.0/24")


def of(networks: tuple[str, ...]) -> st.SearchStrategy[IPv4Address]:
    pairs = st.sampled_from([ip_network(each) for each in networks])
    return pairs.flatmap(lambda net: st.integers(0, net.num_addresses - 1).map(lambda n: IPv4Address(int(net[0]) + n)))


FORMS = {
    "mapped (RFC 4291)": lambda inner: IPv6Address((0xFFFF << 32) | int(inner)),
    "IPv4-compatible (RFC 4291)": lambda inner: IPv6Address(int(inner)),
    "translated (RFC 2765)": lambda inner: IPv6Address((0xFFFF << 48) | int(inner)),
    "NAT64 (RFC 6052)": lambda inner: IPv6Address((0x0064FF9B << 96) | int(inner)),
    "NAT64 of a network's own (RFC 8215)": lambda inner: IPv6Address((0x0064FF9B0001 << 80) | int(inner)),
    "6to4 (RFC 3056)": lambda inner: IPv6Address((0x2002 << 112) | (int(inner) << 80) | 1),
    "Teredo server (RFC 4380)": lambda inner: IPv6Address((0x20010000 << 96) | (int(inner) << 64) | 0xF7F7F7F7),
    "Teredo client (RFC 4380)": lambda inner: IPv6Address(
        (0x20010000 << 96) | (0x08080808 << 64) | (int(inner) ^ 0xFFFFFFFF)
    ),
    "segment routing (RFC 9602)": lambda inner: IPv6Address((0x5F00 << 112) | int(inner)),
    "site-local (RFC 3879)": lambda inner: IPv6Address((0xFEC0 << 112) | int(inner)),
}


def is_allowed(address: object, allowed: list[str]) -> bool:
    try:
        Targets(allowed).resolve_here(str(address), 443)
    except Problem:
        return False
    return True


@pytest.mark.parametrize("form", FORMS)
@given(inner=of(INSIDE))
def test_no_form_of_an_inner_address_is_public(form: str, inner: IPv4Address) -> None:
    assert not is_allowed(FORMS[form](inner), [])
    assert not is_allowed(FORMS[form](inner), ["8.0.0.0/8", "2000::/3", "64:ff9b::/96"])


@given(inner=of(PUBLIC))
def test_forms_of_a_public_address(inner: IPv4Address) -> None:
    found = {form: is_allowed(make(inner), []) for form, make in FORMS.items()}
    assert {form for form, allowed in found.items() if allowed} == {
        "mapped (RFC 4291)", "IPv4-compatible (RFC 4291)", "translated (RFC 2765)", "NAT64 (RFC 6052)", "6to4 (RFC 3056)",
    }  # fmt: skip
    assert is_allowed(FORMS["mapped (RFC 4291)"](inner), [str(inner)])


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_nothing_is_unwrapped_to_nothing(address: IPv6Address) -> None:
    assert unwrap(address)
    assert unwrap(address)[0] == (address.ipv4_mapped or address)


def test_what_is_named_stays_allowed() -> None:
    assert is_allowed("::1", PLANT_NETWORKS)
    assert is_allowed("::1", ["::1"])
    assert is_allowed("fd00::1", PLANT_NETWORKS)
    assert is_allowed("2606:4700::1", [])
    assert not is_allowed("::", PLANT_NETWORKS)
    assert not is_allowed("::2", [])


@pytest.mark.parametrize("purpose", [WEBHOOKS, SINKS, SOURCES, REMOTES], ids=lambda each: each.refused)
def test_nothing_is_sent_to_port_0(purpose: Purpose) -> None:
    targets = Targets([], purpose)
    for url in ("https://8.8.8.8:0/x", "http://[2606:4700::1]:0/"):
        with pytest.raises(Problem, match="port 0"):
            targets.parse_url(url)
    with pytest.raises(Problem, match="port 0"):
        targets.resolve_here("8.8.8.8", 0)


def test_one_address_inside_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET6, 1, 6, "", (each, 443, 0, 0)) for each in ("2606:4700::1", "64:ff9b::7f00:1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    assert not is_allowed("both.example.org", [])
