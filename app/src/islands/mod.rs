//! What reacts in the browser. Islands get their words as props: the interface's texts stay on the server.

mod frame_keys;

pub use frame_keys::FrameKeys;
