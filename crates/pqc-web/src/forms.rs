//! What pages declare.
//!
//! * `data-signing="USER"` stands around a form with `data-signed="METHOD /path"`, whose fields are sent as a signed JSON object. With
//!   `data-makes` the request brings a new key. When it was accepted, `data-done` names the page to go to; without one, `data-result` is shown,
//!   and what has `data-value="name"` in it gets that part of the answer. `data-sudo` is where to go when the session must be elevated.
//!   What may go wrong stands in elements with `data-when`, by the error's code; the one without a code fits all others.
//! * `data-no-signing` is shown where the browser can't keep keys, `data-no-key` where it has none of the user's.
//! * `data-signing-list="/path" data-user="USER"` stands around the list of keys: of its `data-key`, those in this browser show what has
//!   `data-here`, the others what has `data-elsewhere`. Keys that the server does not list any more are forgotten.

use crate::{
    dom::{all, attribute, show},
    js::{Outcome, get, object, subtle, text, window},
    keys, sending,
    sending::Outgoing,
    vault,
};
use js_sys::JSON;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

/// Wakes everything on the page.
pub async fn wake() {
    let Some(page) = window().ok().and_then(|window| window.document()).and_then(|document| document.document_element()) else { return };
    let mut live = None;
    for list in all::<Element>(&page, "[data-signing-list]") {
        live = mark(&list).await.ok();
    }
    for part in all::<Element>(&page, "[data-signing]") {
        if !part.has_attribute("data-signing-list") {
            wake_form(&part, live.clone()).await;
        }
    }
    // Also for tests: from here on buttons do what they say.
    let _ = page.set_attribute("data-signing-awake", "");
}

/// Says of each key of a list whether it is in this browser. The live ones.
async fn mark(list: &Element) -> Outcome<Vec<String>> {
    let user = attribute(list, "data-user");
    let live = keys::live(&attribute(list, "data-signing-list")).await?;
    keys::forget_all_but(&user, &live).await?;
    let here: Vec<String> = vault::of(&user).await?.into_iter().map(|entry| entry.id).collect();
    for row in all::<Element>(list, "[data-key]") {
        let is_here = here.contains(&attribute(&row, "data-key"));
        show(&row, "[data-here]", is_here);
        show(&row, "[data-elsewhere]", !is_here);
    }
    Ok(live)
}

async fn wake_form(part: &Element, live: Option<Vec<String>>) {
    let user = attribute(part, "data-signing");
    // Asking for the keys also tells whether the browser can keep any.
    let key = match subtle() {
        Ok(_) => keys::newest(&user, live.as_deref()).await,
        Err(problem) => Err(problem),
    };
    let Ok(key) = key else { return show(part, "[data-no-signing]", true) };
    for element in all::<HtmlFormElement>(part, "form[data-signed]") {
        if key.is_some() || element.has_attribute("data-makes") {
            let form = Form {
                part: part.clone(),
                form: element,
                user: user.clone(),
                live: live.clone(),
                busy: Rc::default(),
                once: Rc::default(),
            };
            form.wake();
        } else {
            show(part, "[data-no-key]", true);
        }
    }
}

#[derive(Clone)]
struct Form {
    part: Element,
    form: HtmlFormElement,
    user: String,
    live: Option<Vec<String>>,
    /// Whether something is under way.
    busy: Rc<Cell<bool>>,
    /// The idempotency key of what is in the form now, until it was answered.
    once: Rc<RefCell<Option<String>>>,
}

impl Form {
    fn wake(self) {
        self.form.set_hidden(false);
        let form = self.form.clone();
        let submit = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            if !self.busy.replace(true) {
                let this = self.clone();
                wasm_bindgen_futures::spawn_local(async move { this.submit().await });
            }
        });
        // Elements always take listeners.
        let _ = form.add_event_listener_with_callback("submit", submit.as_ref().unchecked_ref());
        submit.forget();
    }

    async fn submit(&self) {
        self.say(None);
        show(&self.part, "[data-result]", false);
        let _ = self.form.set_attribute("aria-busy", "true");
        match self.request().await {
            Ok(answer) => {
                self.once.take();
                self.accepted(&answer);
            }
            Err(problem) => self.refused(&problem),
        }
        let _ = self.form.remove_attribute("aria-busy");
        self.busy.set(false);
    }

    async fn request(&self) -> Outcome {
        let declared = attribute(&self.form, "data-signed");
        let (method, path) = declared.split_once(' ').ok_or(JsValue::UNDEFINED)?;
        let (method, path) = (method.to_owned(), path.to_owned());
        let (key, fields, idempotency_key) = if self.form.has_attribute("data-makes") {
            let key = keys::make(&self.user).await?;
            let fields = self.fields();
            let _ = js_sys::Reflect::set(&fields, &"publicKey".into(), &key.public().to_base64().into());
            // A new key each time is a new request each time.
            (key, fields, String::new())
        } else {
            let entry = keys::newest(&self.user, self.live.as_deref()).await?.ok_or_else(|| crate::js::problem("PQC_KEY_UNKNOWN"))?;
            (entry.open().await?, self.fields(), self.idempotency_key()?)
        };
        let body = JSON::stringify(&fields).map(String::from)?;
        let outcome = sending::send(&key, &Outgoing { method, path, body, idempotency_key }).await;
        if let Err(refused) = &outcome
            && self.form.has_attribute("data-makes")
            && text(refused, "code").is_some()
        {
            // The server said no; without an answer it may have said yes, which the list tells the next time.
            vault::forget(&key.public().id().to_string()).await?;
        }
        outcome
    }

    fn idempotency_key(&self) -> Outcome<String> {
        let mut once = self.once.borrow_mut();
        if once.is_none() {
            *once = Some(hex::encode(crate::js::random::<16>()?));
        }
        Ok(once.clone().unwrap_or_default())
    }

    /// The form's fields as an object.
    fn fields(&self) -> JsValue {
        let fields = object(&[]);
        for field in all::<HtmlElement>(&self.form, "input[name],textarea[name],select[name]") {
            // All three have these members, under the same names.
            let (name, value) = (text(&field, "name").unwrap_or_default(), text(&field, "value").unwrap_or_default());
            let value = match attribute(&field, "data-json").as_str() {
                "boolean" => field.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked).into(),
                _ if value.is_empty() && !field.has_attribute("required") => continue,
                "number" => value.trim().parse::<f64>().map_or_else(|_| value.into(), Into::into),
                _ => value.into(),
            };
            let _ = js_sys::Reflect::set(&fields, &name.into(), &value);
        }
        fields
    }

    fn accepted(&self, answer: &JsValue) {
        let done = attribute(&self.form, "data-done");
        if !done.is_empty() {
            return go(&done);
        }
        let data = get(answer, "data").unwrap_or_else(|| answer.clone());
        for place in all::<Element>(&self.part, "[data-value]") {
            place.set_text_content(text(&data, &attribute(&place, "data-value")).as_deref());
        }
        show(&self.part, "[data-result]", true);
    }

    fn refused(&self, problem: &JsValue) {
        let code = text(problem, "code").unwrap_or_default();
        // Whatever was answered for certain ends the attempt; the same again without an answer, or while the first still runs, keeps its key.
        if !code.is_empty() && !matches!(code.as_str(), "IDEMPOTENCY_IN_PROGRESS" | "UNAVAILABLE" | "INTERNAL" | "TIMED_OUT") {
            self.once.take();
        }
        if code == "SUDO_REQUIRED" {
            go(&attribute(&self.form, "data-sudo"));
        }
        self.say(Some(&code));
    }

    /// Shows what went wrong, or nothing.
    fn say(&self, problem: Option<&str>) {
        let words = all::<HtmlElement>(&self.form, "[data-when]");
        let known = problem.filter(|code| words.iter().any(|element| attribute(element, "data-when") == *code)).unwrap_or_default();
        for element in &words {
            element.set_hidden(problem.is_none() || attribute(element, "data-when") != known);
        }
    }
}

fn go(path: &str) {
    // Where the browser can't go there, the button can be pressed again.
    let _ = window().and_then(|window| window.location().assign(path));
}
