//! Shared components: each writes the markup that `style/` knows, and nothing more. See them all at `/dev/components`
//! (development only). To add one: a file here, a section on that page, its rules in `style/components/`.

mod basics;
mod composer;
mod field;
mod time;

pub use basics::{Avatar, Chip, Icon, Money, Raw, hue};
pub use composer::{Composer, ComposerParts};
pub use field::{Around, Checkbox, Choice, ErrorSummary, Segments, SelectField, TextArea, TextField, kept};
pub use time::{Time, ago, date, full};
