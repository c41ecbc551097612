//! Drafts: what was typed into a form is kept in the browser until it was sent or given up.

use super::dom::{all, find};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, Storage};

/// Which draft is on its way to the server.
const SENT: &str = "draft-sent";

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

fn key(name: &str) -> String {
    format!("draft {name}")
}

/// Throws away the draft of a form that was sent and worked, which the next page says. Of one that did not work the draft stays.
pub(super) fn settle() {
    let Some(storage) = storage() else { return };
    let Ok(Some(name)) = storage.get_item(SENT) else { return };
    // Storage that refuses only keeps a draft too long.
    let _ = storage.remove_item(SENT);
    if find::<Element>(None, ".flash-success").is_some() {
        let _ = storage.remove_item(&key(&name));
    }
}

/// Notes that a form with this draft is being sent.
pub(super) fn sent(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(SENT, name);
    }
}

/// A text field, whatever its element.
enum Field {
    Line(HtmlInputElement),
    Text(HtmlTextAreaElement),
}

impl Field {
    fn of(element: Element) -> Option<Self> {
        match element.dyn_into::<HtmlInputElement>() {
            Ok(line) => Some(Self::Line(line)),
            Err(element) => element.dyn_into().ok().map(Self::Text),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Line(field) => field.name(),
            Self::Text(field) => field.name(),
        }
    }

    fn value(&self) -> String {
        match self {
            Self::Line(field) => field.value(),
            Self::Text(field) => field.value(),
        }
    }

    /// What the server wrote into it.
    fn original(&self) -> String {
        match self {
            Self::Line(field) => field.default_value(),
            Self::Text(field) => field.default_value().unwrap_or_default(),
        }
    }

    fn set(&self, value: &str) {
        match self {
            Self::Line(field) => field.set_value(value),
            Self::Text(field) => field.set_value(value),
        }
    }
}

fn fields(form: &HtmlFormElement) -> Vec<Field> {
    all::<Element>(form, "input.input[name], textarea[name]").into_iter().filter_map(Field::of).collect()
}

/// Keeps what is typed into a form; what the server wrote needs no keeping. Whether something is kept.
pub(super) fn keep(name: &str, form: &HtmlFormElement) -> bool {
    let Some(storage) = storage() else { return false };
    let fields = fields(form);
    if fields.iter().all(|field| field.value() == field.original()) {
        let _ = storage.remove_item(&key(name));
        return false;
    }
    let typed: Vec<(String, String)> = fields.iter().map(|field| (field.name(), field.value())).collect();
    serde_json::to_string(&typed).is_ok_and(|json| storage.set_item(&key(name), &json).is_ok())
}

/// Puts a kept draft back into its form. Not into a form that came back from the server: that holds what was typed last.
pub(super) fn restore(name: &str, form: &HtmlFormElement) -> bool {
    if document().get_element_by_id("errors").is_some() || document().get_element_by_id("preview").is_some() {
        return false;
    }
    let Some(json) = storage().and_then(|storage| storage.get_item(&key(name)).ok()?) else { return false };
    let kept: Vec<(String, String)> = serde_json::from_str(&json).unwrap_or_default();
    let mut changed = false;
    for field in fields(form) {
        if let Some((_, value)) = kept.iter().find(|(name, _)| *name == field.name())
            && *value != field.value()
        {
            field.set(value);
            changed = true;
        }
    }
    changed
}

/// Gives a draft up: the form is again as the server wrote it.
pub(super) fn drop_draft(name: &str, form: &HtmlFormElement) {
    form.reset();
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(name));
    }
}
