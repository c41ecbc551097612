//! What reacts in the browser. The server writes everything that is seen; islands find it by its names and classes, and get
//! their words as props, so that the interface's texts and views stay on the server and the client stays small.

#[cfg(any(feature = "hydrate", test))]
mod base64url;
mod composer_tools;
#[cfg(feature = "hydrate")]
mod credentials;
#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod draft;
mod frame_keys;
#[cfg(any(feature = "hydrate", test))]
mod markup;
mod passkey_forms;
mod password_meter;
mod reactions;
mod theme_switch;
mod upload_forms;

pub use composer_tools::ComposerTools;
pub use frame_keys::FrameKeys;
pub use passkey_forms::PasskeyForms;
pub use password_meter::PasswordMeter;
pub use reactions::{ReactionWords, Reactions};
pub use theme_switch::ThemeSwitch;
pub use upload_forms::{UploadForms, UploadWords};
