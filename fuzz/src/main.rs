//! libFuzzer, running the target that `FUZZ_TARGET` names. `scripts/fuzz` builds and starts it.
#![no_main]

use aivalid_fuzz::{TARGETS, Target, target};
use std::sync::LazyLock;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    target(&name).unwrap_or_else(|| panic!("FUZZ_TARGET must be one of {:?}", TARGETS.map(|(name, _)| name)))
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| (*TARGET)(data));
