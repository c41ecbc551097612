//! What must hold of parsers and verifiers, whatever they are given.
//!
//! Each target takes any bytes and panics when a property does not hold. `scripts/fuzz` runs them with libFuzzer, which looks for
//! bytes that reach new code; the ordinary tests run them on the seeds in `fuzz/corpus` and on random bytes, so that what was found
//! once stays fixed: add the bytes of a finding to the corpus under a name that says what it was.
//!
//! To add a target: a module with a function, its line in [`TARGETS`], and a few seeds.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::missing_panics_doc, reason = "tests: panicking is how they fail")]

pub mod codes;
pub mod email;
pub mod passkeys;
pub mod phone;
pub mod secrets;
pub mod signed;
mod source;
pub mod tokens;

#[path = "../../server/tests/it/authenticator.rs"]
#[expect(dead_code, clippy::expect_used, reason = "the same authenticator in software as the HTTP tests have, which use all of it")]
mod authenticator;

/// A target.
pub type Target = fn(&[u8]);

/// Every target, by name.
pub const TARGETS: [(&str, Target); 7] = [
    ("codes", codes::codes),
    ("email", email::email),
    ("passkeys", passkeys::passkeys),
    ("phone", phone::phone),
    ("secrets", secrets::secrets),
    ("signed", signed::signed),
    ("tokens", tokens::tokens),
];

/// The target of a name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|(known, _)| *known == name).map(|(_, target)| target)
}
