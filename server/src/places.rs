//! Where addresses probably are, from a database in `MaxMind`'s format (`GeoLite2-City`, `GeoLite2-Country`, DB-IP and others).

use crate::config::Config;
use aivalid_service::ports::{Nowhere, Place, Places};
use anyhow::{Context, Result};
use maxminddb::{Reader, geoip2};
use std::{net::IpAddr, sync::Arc};

/// The configured database, read into memory; no place is known without one.
pub fn open(config: &Config) -> Result<Arc<dyn Places>> {
    let Some(path) = &config.geoip_database else { return Ok(Arc::new(Nowhere)) };
    let reader = Reader::open_readfile(path).with_context(|| format!("GEOIP_DATABASE: {} can't be read", path.display()))?;
    Ok(Arc::new(AddressBook { reader }))
}

/// A database of address ranges.
struct AddressBook {
    reader: Reader<Vec<u8>>,
}

impl Places for AddressBook {
    fn find(&self, ip: IpAddr) -> Option<Place> {
        // A database of countries has the same fields as one of cities, less the city.
        let found: geoip2::City = self.reader.lookup(ip).ok()?.decode().ok()??;
        let country = found.country.iso_code?.to_owned();
        let name = found.country.names.english.unwrap_or(&country).to_owned();
        let words = match found.city.names.english {
            Some(city) => format!("{city}, {name}"),
            None => name,
        };
        Some(Place { country, words })
    }
}
