//! A little writer of `MaxMind`'s database format (version 2.0), so that tests need nobody's data.

use std::net::Ipv4Addr;

/// A database that knows these networks: first address, length of the prefix, country, its name, city.
pub fn database(networks: &[(Ipv4Addr, u32, &str, &str, Option<&str>)]) -> Vec<u8> {
    // A record of the tree: nothing, another node, or a place in the data.
    #[derive(Clone, Copy)]
    enum Record {
        Nothing,
        Node(usize),
        Data(usize),
    }
    let (mut nodes, mut data) = (vec![[Record::Nothing; 2]], Vec::new());
    for (first, prefix, country, name, city) in networks {
        let offset = data.len();
        data.extend(place(country, name, *city));
        let mut node = 0;
        for depth in 0..*prefix {
            let side = (first.to_bits() >> (31 - depth) & 1) as usize;
            if depth + 1 == *prefix {
                nodes[node][side] = Record::Data(offset);
            } else if let Record::Node(next) = nodes[node][side] {
                node = next;
            } else {
                nodes.push([Record::Nothing; 2]);
                nodes[node][side] = Record::Node(nodes.len() - 1);
                node = nodes.len() - 1;
            }
        }
    }
    let mut file = Vec::new();
    for record in nodes.iter().flatten() {
        let value = match record {
            Record::Nothing => nodes.len(),
            Record::Node(node) => *node,
            Record::Data(offset) => nodes.len() + 16 + offset,
        };
        file.extend(&u32::try_from(value).unwrap().to_be_bytes()[1..]);
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xAB\xCD\xEFMaxMind.com");
    file.extend(metadata(nodes.len()));
    file
}

fn place(country: &str, name: &str, city: Option<&str>) -> Vec<u8> {
    let names = |name: &str| map(&[("names", map(&[("en", text(name))]))]);
    let country = map(&[("iso_code", text(country)), ("names", map(&[("en", text(name))]))]);
    match city {
        Some(city) => map(&[("city", names(city)), ("country", country)]),
        None => map(&[("country", country)]),
    }
}

fn metadata(nodes: usize) -> Vec<u8> {
    let short = |value: u16| [vec![0xA2], value.to_be_bytes().to_vec()].concat();
    let count = [vec![0xC4], u32::try_from(nodes).unwrap().to_be_bytes().to_vec()].concat();
    let epoch = [vec![0x08, 0x02], 1_795_004_800_u64.to_be_bytes().to_vec()].concat();
    let languages = [vec![0x01, 0x04], text("en")].concat();
    map(&[
        ("binary_format_major_version", short(2)),
        ("binary_format_minor_version", short(0)),
        ("build_epoch", epoch),
        ("database_type", text("Test-City")),
        ("description", map(&[("en", text("test"))])),
        ("ip_version", short(4)),
        ("languages", languages),
        ("node_count", count),
        ("record_size", short(24)),
    ])
}

fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    let head = if length < 29 { vec![0x40 | length] } else { vec![0x5D, length - 29] };
    [head, text.as_bytes().to_vec()].concat()
}

fn map(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![0xE0 | u8::try_from(pairs.len()).unwrap()];
    for (key, value) in pairs {
        out.extend(text(key));
        out.extend(value);
    }
    out
}
