//! Shared components: each writes the markup that `style/` knows, and nothing more. See them all at `/dev/components`
//! (development only). To add one: a file here, a section on that page, its rules in `style/components/`.

mod basics;
mod composer;
mod empty;
mod events;
mod field;
pub mod html;
mod navigation;
mod passkey;
mod person;
mod reactions;
mod reply_tree;
mod rows;
mod signing;
mod status;
mod steps;
mod time;
mod timeline;

pub use basics::{Avatar, AvatarSize, Chip, Icon, Money, Raw, Tile, hue, hue_named, write_avatar};
pub use composer::{Composer, ComposerParts};
pub use empty::EmptyState;
pub use events::{event_icon, event_words};
pub use field::{
    Around, Check, Checkbox, Checks, Choice, ErrorSummary, FileField, NewPasswordField, Segments, SelectField, TextArea, TextField,
    UploadProgress, UploadsAwake, kept, way_out,
};
pub use html::Html;
pub use navigation::{Breadcrumb, PageLinks, Tab, Tabs};
pub use passkey::{AUTOFILL, PasskeyForm, PasskeysAwake};
pub use person::{Badge, ContactLink, TagLink, UserLink};
pub use reactions::{ReactionBar, ReactionForm};
pub use reply_tree::{Discussion, reply_tree};
pub use rows::{CaseRows, Level, ThreadRows};
pub use signing::SignedForm;
pub use status::{StatusChip, status_look, status_words};
pub use steps::Steps;
pub use time::{Day, Time, ago, date, full};
pub use timeline::{Event, Timeline, shortened};
