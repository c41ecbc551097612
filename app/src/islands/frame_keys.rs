//! Keys of the frame: Escape closes the open menu and gives the focus back to what opened it. It stands on every page, so it
//! also throws away the draft of what was sent.

use leptos::prelude::*;

/// Listens for the frame's keys. Shows nothing; everything it helps with also works without it.
#[island]
pub fn FrameKeys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        super::draft::settle();
        window_event_listener(leptos::ev::keydown, |event| {
            if event.key() == "Escape" {
                close_menus();
            }
        });
    }
}

#[cfg(feature = "hydrate")]
fn close_menus() {
    use super::dom::{all, find};
    use web_sys::{HtmlDetailsElement, HtmlElement};

    let Some(page) = document().document_element() else { return };
    for menu in all::<HtmlDetailsElement>(&page, "details.menu[open]") {
        menu.set_open(false);
        if let Some(summary) = find::<HtmlElement>(Some(&menu), "summary") {
            // Without a focus the key still closed the menu.
            let _ = summary.focus();
        }
    }
}
