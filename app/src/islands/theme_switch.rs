//! The theme buttons of the footer, without leaving the page.

use leptos::prelude::*;

/// Makes the footer's theme buttons work at once. Shows nothing itself.
#[island]
pub fn ThemeSwitch() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    window_event_listener(leptos::ev::click, |event| {
        if let Some(button) = super::dom::around(&event, "button[name=theme]") {
            event.prevent_default();
            choose(button);
        }
    });
}

#[cfg(feature = "hydrate")]
fn choose(button: web_sys::HtmlButtonElement) {
    use wasm_bindgen::JsCast;

    let theme = button.value();
    let Some(root) = document().document_element() else { return };
    // What can't be set leaves the page as it was; the choice is kept all the same.
    let _ = if theme == "system" { root.remove_attribute("data-theme") } else { root.set_attribute("data-theme", &theme) };
    for other in super::dom::all::<web_sys::HtmlButtonElement>(&root, "button[name=theme]") {
        let _ = other.set_attribute("aria-pressed", if other.value() == theme { "true" } else { "false" });
    }
    leptos::task::spawn_local(async move {
        if crate::fns::choose_theme(theme).await.is_err()
            && let Some(form) = button.form()
        {
            // The form does the same, and says what is wrong.
            let _ = form.request_submit_with_submitter(Some(button.unchecked_ref()));
        }
    });
}
