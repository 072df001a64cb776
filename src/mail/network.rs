//! Networks in CIDR notation (RFC 4632), and the network by which a client is counted.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// A network: an address whose host bits are zero, and a prefix length. IPv4-mapped IPv6 addresses are taken as IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// The network of `prefix` bits around an address; a prefix beyond the address's length is the address itself.
    pub fn new(address: IpAddr, prefix: u8) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let prefix = prefix.min(32);
                let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
                Self { address: Ipv4Addr::from_bits(v4.to_bits() & mask).into(), prefix }
            }
            IpAddr::V6(v6) => {
                let prefix = prefix.min(128);
                let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
                Self { address: Ipv6Addr::from_bits(v6.to_bits() & mask).into(), prefix }
            }
        }
    }

    /// The network by which a client is counted: /24 for IPv4, /48 for IPv6, the sizes in which they are handed out.
    pub fn of_client(address: IpAddr) -> Self {
        let prefix = if address.to_canonical().is_ipv4() { 24 } else { 48 };
        Self::new(address, prefix)
    }

    /// The first address of the network.
    pub fn first(&self) -> IpAddr {
        self.address
    }

    /// The last address of the network.
    pub fn last(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(v4) => {
                let hosts = u32::MAX.checked_shr(u32::from(self.prefix)).unwrap_or(0);
                Ipv4Addr::from_bits(v4.to_bits() | hosts).into()
            }
            IpAddr::V6(v6) => {
                let hosts = u128::MAX.checked_shr(u32::from(self.prefix)).unwrap_or(0);
                Ipv6Addr::from_bits(v6.to_bits() | hosts).into()
            }
        }
    }

    /// Whether `address` lies in the network.
    pub fn contains(&self, address: IpAddr) -> bool {
        address.to_canonical().is_ipv4() == self.address.is_ipv4() && Self::new(address, self.prefix) == *self
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a network; write it like 192.0.2.0/24 or 2001:db8::/32");
        let (address, prefix) = text.split_once('/').map_or((text.as_str(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), |p| p.trim().parse().map_err(|_| wrong()))?;
        if prefix > longest { Err(wrong()) } else { Ok(Self::new(address, prefix)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: Result<&str, ()>) {
        let read = Network::try_from(input.to_owned()).map(|n| n.to_string()).map_err(|_| ());
        assert_eq!(read, expected.map(str::to_owned), "{input}");
    }

    #[test]
    fn networks_drop_host_bits() {
        check("192.0.2.77/24", Ok("192.0.2.0/24"));
        check("192.0.2.77", Ok("192.0.2.77/32"));
        check("2001:db8:1:2::3/48", Ok("2001:db8:1::/48"));
        check("0.0.0.0/0", Ok("0.0.0.0/0"));
        check("192.0.2.0/33", Err(()));
        check("example.org", Err(()));
    }

    #[test]
    fn mapped_addresses_are_ipv4() {
        let network = Network::try_from("192.0.2.0/24".to_owned()).expect("valid");
        assert!(network.contains("::ffff:192.0.2.9".parse().expect("valid")));
        assert!(!network.contains("192.0.3.1".parse().expect("valid")));
        assert_eq!(Network::of_client("::ffff:192.0.2.9".parse().expect("valid")), network);
    }
}
