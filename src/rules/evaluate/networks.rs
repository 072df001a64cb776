//! Many networks, in which an address is sought at once.

use std::net::IpAddr;

use crate::mail::Network;

/// Networks as ranges of addresses that neither overlap nor touch, in order: a prefix tree laid flat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks {
    ranges: Box<[(u128, u128)]>,
}

/// An address as a number: those of IPv4 as the mapped ones of IPv6.
fn number(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Networks {
    /// These networks together.
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        let mut ranges: Vec<(u128, u128)> =
            networks.into_iter().map(|network| (number(network.first()), number(network.last()))).collect();
        ranges.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Self { ranges: merged.into() }
    }

    /// Whether an address lies in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let number = number(address);
        let behind = self.ranges.partition_point(|(first, _)| *first <= number);
        behind.checked_sub(1).is_some_and(|place| number <= self.ranges[place].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_the_network_that_holds_it() {
        let networks = ["192.0.2.0/25", "192.0.2.128/25", "198.51.100.7", "2001:db8::/32", "192.0.2.3/32"];
        let networks = Networks::new(networks.map(|text| Network::try_from(text.to_owned()).expect("sound")));
        assert_eq!(networks.ranges.len(), 3);
        for (address, expected) in [
            ("192.0.2.0", true),
            ("192.0.2.255", true),
            ("192.0.1.255", false),
            ("192.0.3.0", false),
            ("198.51.100.7", true),
            ("198.51.100.8", false),
            ("::ffff:198.51.100.7", true),
            ("2001:db8:1::1", true),
            ("2001:db9::", false),
        ] {
            assert_eq!(networks.contain(address.parse().expect("an address")), expected, "{address}");
        }
    }
}
