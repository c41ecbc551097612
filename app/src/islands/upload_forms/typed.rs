//! What was typed into a page's other forms, kept while the page is written anew.

use super::super::dom::all;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

/// The texts by their fields' ids.
pub(super) struct Typed(Vec<(String, String)>);

impl Typed {
    pub fn of(main: &Element) -> Self {
        Self(fields(main).into_iter().map(|field| (field.id(), text(&field))).collect())
    }

    pub fn put_back(&self, main: &Element) {
        for field in fields(main) {
            if let Some((_, text)) = self.0.iter().find(|(id, _)| *id == field.id()) {
                write(&field, text);
            }
        }
    }
}

fn fields(main: &Element) -> Vec<HtmlElement> {
    all(main, "form:not([data-upload]) :is(input[type=text], input[type=url], input[type=tel], textarea)[id]")
}

fn text(field: &HtmlElement) -> String {
    match (field.dyn_ref::<HtmlTextAreaElement>(), field.dyn_ref::<HtmlInputElement>()) {
        (Some(area), _) => area.value(),
        (None, input) => input.map(HtmlInputElement::value).unwrap_or_default(),
    }
}

fn write(field: &HtmlElement, text: &str) {
    match (field.dyn_ref::<HtmlTextAreaElement>(), field.dyn_ref::<HtmlInputElement>()) {
        (Some(area), _) => area.set_value(text),
        (None, Some(input)) => input.set_value(text),
        (None, None) => {}
    }
}
