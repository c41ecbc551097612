//! Short words for what islands do with the document. All of them do nothing where something is missing: the page works
//! without scripts, so an island that finds another page than it knows has nothing to add.

use leptos::{
    ev,
    leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle},
    prelude::document,
};
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, NodeList};

/// An element below another, or anywhere, as its own type.
pub(super) fn find<T: JsCast>(root: Option<&Element>, selector: &str) -> Option<T> {
    let found = match root {
        Some(root) => root.query_selector(selector),
        None => document().query_selector(selector),
    };
    found.ok()??.dyn_into().ok()
}

/// All elements below another that fit, as their own type.
pub(super) fn all<T: JsCast>(root: &Element, selector: &str) -> Vec<T> {
    root.query_selector_all(selector).map(|list| nodes(&list)).unwrap_or_default()
}

fn nodes<T: JsCast>(list: &NodeList) -> Vec<T> {
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}

/// The nearest element around an event's place that fits.
pub(super) fn around<T: JsCast>(event: &Event, selector: &str) -> Option<T> {
    event.target()?.dyn_ref::<Element>()?.closest(selector).ok()??.dyn_into().ok()
}

/// Listens for as long as the page is there.
pub(super) fn on<E: ev::EventDescriptor + 'static>(target: &EventTarget, event: E, then: impl FnMut(E::EventType) + 'static)
where
    E::EventType: wasm_bindgen::convert::FromWasmAbi + 'static,
{
    let then = wasm_bindgen::closure::Closure::<dyn FnMut(E::EventType)>::new(then);
    // Elements always take listeners.
    let _ = target.add_event_listener_with_callback(&event.name(), then.as_ref().unchecked_ref());
    then.forget();
}

/// How long after the last key something is done.
const REST: Duration = Duration::from_millis(300);

/// Runs something once nobody called for a while.
pub(super) fn rested(then: impl Fn() + Clone + 'static) -> impl Fn() + 'static {
    let waiting: Rc<Cell<Option<TimeoutHandle>>> = Rc::default();
    move || {
        if let Some(earlier) = waiting.take() {
            earlier.clear();
        }
        waiting.set(set_timeout_with_handle(then.clone(), REST).ok());
    }
}
