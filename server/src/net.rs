//! Addresses: networks, and who a request really comes from.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

/// An address or a network such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    bits: u32,
}

/// IPv4 addresses as the IPv6 addresses they map to, so that one comparison serves both.
fn bits_of(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// An IPv4 address that came as a mapped IPv6 one is shown as IPv4.
pub fn canonical(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

impl Network {
    /// Whether it holds an address.
    pub fn holds(self, ip: IpAddr) -> bool {
        self.bits == 0 || (bits_of(ip) ^ self.base) >> (128 - self.bits) == 0
    }
}

impl FromStr for Network {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (ip, length) = match text.split_once('/') {
            Some((ip, length)) => (ip, Some(length.parse::<u32>().map_err(|_| ())?)),
            None => (text, None),
        };
        let ip: IpAddr = ip.parse().map_err(|_| ())?;
        let (most, offset) = if ip.is_ipv4() { (32, 96) } else { (128, 0) };
        let length = length.unwrap_or(most);
        (length <= most).then_some(Self { base: bits_of(ip), bits: length + offset }).ok_or(())
    }
}

/// The client's address: the peer's, or, where the peer is a trusted proxy, the last hop of `X-Forwarded-For` that is not one.
pub fn client_ip(peer: Option<IpAddr>, forwarded: &str, trusted: &[Network]) -> IpAddr {
    let peer = canonical(peer.unwrap_or(IpAddr::V6(Ipv6Addr::LOCALHOST)));
    let is_trusted = |ip: IpAddr| trusted.iter().any(|network| network.holds(ip));
    if !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    for hop in forwarded.rsplit(',').map(str::trim) {
        let Ok(ip) = hop.parse::<IpAddr>() else { break };
        client = canonical(ip);
        if !is_trusted(client) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_hold_what_they_should() {
        let network: Network = "10.1.0.0/16".parse().unwrap();
        assert!(network.holds(ip("10.1.255.3")) && network.holds(ip("::ffff:10.1.2.3")) && !network.holds(ip("10.2.0.1")));
        assert!("0.0.0.0/0".parse::<Network>().unwrap().holds(ip("8.8.8.8")));
        assert!("fd00::/8".parse::<Network>().unwrap().holds(ip("fd12::1")));
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "x".parse::<Network>().is_err());
    }

    #[test]
    fn only_trusted_proxies_may_speak_for_others() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_ip(Some(ip("9.9.9.9")), "1.2.3.4", &trusted), ip("9.9.9.9"));
        assert_eq!(client_ip(Some(ip("10.0.0.1")), "6.6.6.6, 1.2.3.4, 10.0.0.2", &trusted), ip("1.2.3.4"));
        assert_eq!(client_ip(Some(ip("10.0.0.1")), "junk", &trusted), ip("10.0.0.1"));
        assert_eq!(client_ip(Some(ip("10.0.0.1")), "", &trusted), ip("10.0.0.1"));
    }
}
