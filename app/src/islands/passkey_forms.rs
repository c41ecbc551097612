//! Forms that a passkey fills in. The server writes them hidden, with what was wrong in words beside them; here the browser is
//! asked, its answer goes into the form's fields, and the form is sent like any other.
//!
//! A form says with `data-passkey` whether a passkey is shown (`get`) or made (`create`), with `data-begin` where the ceremony
//! begins, with `data-ask` what the beginning is told, with `data-auto` the same where the browser acts without a button (autofill;
//! making one after a sign-in), and with `data-sudo` where to go when the session must be elevated first. What may go wrong stands
//! in elements with `data-when`, by the error's name; the one without a name fits all others. Browsers without passkeys see what
//! stands in `data-no-passkeys`.

use leptos::prelude::*;

/// Wakes the page's passkey forms, and tells the browser of the account's passkeys. Shows nothing itself.
#[island]
pub fn PasskeyForms(
    /// Methods of `PublicKeyCredential` and what they are told, as JSON.
    signals: Vec<(String, String)>,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    live::start(signals);
    #[cfg(not(feature = "hydrate"))]
    drop(signals);
}

#[cfg(feature = "hydrate")]
mod live {
    use super::super::{
        credentials,
        dom::{all, find, on},
    };
    use leptos::{ev, prelude::*, task::spawn_local};
    use std::{
        cell::{Cell, RefCell},
        rc::Rc,
        time::Duration,
    };
    use wasm_bindgen::JsValue;
    use web_sys::{AbortController, HtmlElement, HtmlFormElement, HtmlInputElement};

    /// A challenge lives for five minutes; autofill that waits longer begins anew.
    const RENEW: Duration = Duration::from_mins(4);

    pub(super) fn start(signals: Vec<(String, String)>) {
        let Some(page) = document().document_element() else { return };
        if credentials::api().is_none() {
            for words in &all::<HtmlElement>(&page, "[data-no-passkeys]") {
                words.set_hidden(false);
            }
            return;
        }
        for form in all::<HtmlFormElement>(&page, "form[data-passkey]") {
            PasskeyForm { form, stop: Rc::default(), busy: Rc::default() }.wake();
        }
        spawn_local(async move {
            for (method, json) in signals {
                credentials::signal(&method, &json).await;
            }
            // Sign-in forms say whether it makes sense to offer a passkey afterwards.
            if let Some(field) = find::<HtmlInputElement>(None, "input[name=passkeys]")
                && credentials::is("isUserVerifyingPlatformAuthenticatorAvailable").await
            {
                field.set_value("1");
            }
        });
    }

    #[derive(Clone)]
    struct PasskeyForm {
        form: HtmlFormElement,
        /// Ends what the browser is doing for this form; it does one thing at a time.
        stop: Rc<RefCell<Option<AbortController>>>,
        /// Whether the user pressed the button and is being asked.
        busy: Rc<Cell<bool>>,
    }

    impl PasskeyForm {
        fn wake(self) {
            self.form.set_hidden(false);
            let this = self.clone();
            on(&self.form, ev::submit, move |event| {
                event.prevent_default();
                this.clone().pressed();
            });
            spawn_local(async move {
                let creates = self.verb() == "create";
                let able = if creates {
                    credentials::can("conditionalCreate").await
                } else {
                    credentials::is("isConditionalMediationAvailable").await
                };
                if able && self.form.has_attribute("data-auto") {
                    self.unasked(!creates);
                }
            });
        }

        fn attribute(&self, name: &str) -> String {
            self.form.get_attribute(name).unwrap_or_default()
        }

        fn verb(&self) -> String {
            self.attribute("data-passkey")
        }

        /// Lets the browser act by itself. What comes of it is no concern of somebody who did not ask.
        fn unasked(self, again: bool) {
            if !self.busy.get() {
                let this = self.clone();
                spawn_local(async move {
                    let _ = this.ceremony("data-auto").await;
                });
            }
            if again {
                set_timeout(move || self.unasked(true), RENEW);
            }
        }

        fn pressed(self) {
            if self.busy.replace(true) {
                return;
            }
            self.say(None);
            spawn_local(async move {
                if let Err(problem) = self.ceremony("data-ask").await {
                    let code = credentials::text(&problem, "code").or_else(|| credentials::text(&problem, "name")).unwrap_or_default();
                    if code == "SUDO_REQUIRED" {
                        // Where the browser can't go there, the button can be pressed again.
                        let _ = window().location().set_href(&self.attribute("data-sudo"));
                    }
                    self.say(Some(&code));
                }
                self.busy.set(false);
                // Pressing the button ended what waited in the field.
                if self.verb() == "get" && self.form.has_attribute("data-auto") {
                    self.unasked(false);
                }
            });
        }

        /// From the beginning to the sent form.
        async fn ceremony(&self, ask: &str) -> Result<(), JsValue> {
            let stop = AbortController::new()?;
            if let Some(earlier) = self.stop.replace(Some(stop.clone())) {
                earlier.abort();
            }
            let begun = credentials::post(&self.attribute("data-begin"), &self.attribute(ask)).await?;
            let options = credentials::get(&begun, "options").ok_or(JsValue::UNDEFINED)?;
            let credential = credentials::ask(&self.verb(), &options, &stop.signal()).await?;
            self.fill("session_id", &credentials::text(&begun, "session_id").unwrap_or_default());
            self.fill("credential", &credential);
            self.form.submit()
        }

        fn fill(&self, name: &str, value: &str) {
            if let Some(field) = find::<HtmlInputElement>(Some(&self.form), &format!("input[name={name}]")) {
                field.set_value(value);
            }
        }

        /// Shows what went wrong, or nothing.
        fn say(&self, problem: Option<&str>) {
            let words = all::<HtmlElement>(&self.form, "[data-when]");
            let when = |element: &HtmlElement| element.get_attribute("data-when").unwrap_or_default();
            let known = problem.filter(|name| words.iter().any(|element| when(element) == *name)).unwrap_or_default();
            for element in &words {
                element.set_hidden(problem.is_none() || when(element) != known);
            }
        }
    }
}
