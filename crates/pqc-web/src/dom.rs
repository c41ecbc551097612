//! Short words for what is done with the page.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// All elements below another that fit, as their own type.
pub fn all<T: JsCast>(root: &Element, selector: &str) -> Vec<T> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}

/// Shows or hides all that fit.
pub fn show(root: &Element, selector: &str, shown: bool) {
    for element in all::<HtmlElement>(root, selector) {
        element.set_hidden(!shown);
    }
}

/// An attribute; empty where there is none.
pub fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}
