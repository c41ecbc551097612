//! The WebAssembly entry point: wakes the islands that the server rendered.

/// Called by the page's hydration script once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
extern crate aivalid_app;
