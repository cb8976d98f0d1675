//! Which addresses are public, and a resolver that finds only those.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Whether an address is one of the public Internet: not this machine, a private or local network, or set aside (the special-purpose
/// registries of IANA, RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4_is_public(v4),
        IpAddr::V6(v6) => v6_is_public(v6),
    }
}

fn v4_is_public(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let set_aside = match (a, b) {
        (0 | 10 | 127, _) | (240..=255, _) => true,
        // Shared by a provider's customers.
        (100, 64..=127) => true,
        (169, 254) | (172, 16..=31) | (192, 168) => true,
        (192, 0) => c == 0 || c == 2,
        (192, 88) => c == 99,
        (198, 18..=19) => true,
        (198, 51) => c == 100,
        (203, 0) => c == 113,
        (224..=239, _) => true,
        _ => false,
    };
    !set_aside
}

fn v6_is_public(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // An address of version 4 within one of version 6: mapped, translated (NAT64), 6to4.
    let within = match parts {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
        }
        _ => None,
    };
    if let Some(v4) = within {
        return v4_is_public(v4);
    }
    // Only 2000::/3 is in public use; of that, Teredo, benchmarks and documentation are set aside.
    let set_aside = matches!(parts, [0x2001, 0 | 2 | 0xdb8, ..]) || matches!(parts, [0x3fff, 0..=0xfff, ..]);
    parts[0] & 0xe000 == 0x2000 && !set_aside
}

/// Finds addresses of names, and refuses those that are not public.
#[derive(Debug, Default)]
pub(crate) struct OnlyPublic;

/// A name led to an address that is not public.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a public address")]
pub(crate) struct NotPublic(pub(crate) IpAddr);

impl Resolver for OnlyPublic {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        // A name that leads to both may be used to reach what is inside.
        match found.iter().find(|address| !is_public(address.ip())) {
            Some(address) => Err(ureq::Error::Other(Box::new(NotPublic(address.ip())))),
            None => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_is_told_from_what_is_public() {
        let inside = [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.51.100.7",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::127.0.0.1",
        ];
        for address in inside {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
