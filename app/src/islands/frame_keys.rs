//! Keys of the frame: Escape closes the open menu and gives the focus back to what opened it.

use leptos::prelude::*;

/// Listens for the frame's keys. Shows nothing; everything it helps with also works without it.
#[island]
pub fn FrameKeys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    window_event_listener(leptos::ev::keydown, |event| {
        if event.key() == "Escape" {
            close_menus();
        }
    });
}

#[cfg(feature = "hydrate")]
fn close_menus() {
    use wasm_bindgen::JsCast;
    let Ok(open) = document().query_selector_all("details.menu[open]") else { return };
    for index in 0..open.length() {
        let Some(menu) = open.get(index).and_then(|node| node.dyn_into::<web_sys::HtmlDetailsElement>().ok()) else { continue };
        menu.set_open(false);
        if let Ok(Some(summary)) = menu.query_selector("summary")
            && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
        {
            // Without a focus the key still closed the menu.
            let _ = summary.focus();
        }
    }
}
