//! How good a new password is, while it is typed.

use leptos::prelude::*;

/// Fills the page's password meter. Shows nothing itself; without it the form says afterwards what is wrong.
#[island]
pub fn PasswordMeter() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    live::start();
}

#[cfg(feature = "hydrate")]
mod live {
    use super::super::dom::{all, find, on, rested};
    use leptos::{ev, task::spawn_local};
    use std::{cell::Cell, rc::Rc};
    use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlMeterElement};

    pub(super) fn start() {
        let (Some(place), Some(field)) =
            (find::<HtmlElement>(None, ".meter"), find::<HtmlInputElement>(None, "[autocomplete=new-password]"))
        else {
            return;
        };
        let Some(form) = field.form() else { return };
        // Each question has a number, so that an answer that comes late does not replace a later one.
        let asked = Rc::new(Cell::new(0_u32));
        let (typed, shown) = (field.clone(), place.clone());
        let rate = rested(move || {
            let number = asked.get().wrapping_add(1);
            asked.set(number);
            let (password, place, asked) = (typed.value(), shown.clone(), asked.clone());
            if password.is_empty() {
                place.set_hidden(true);
                return;
            }
            let known_by = all::<HtmlInputElement>(&form, "[name=email],[name=username]").iter().map(HtmlInputElement::value).collect();
            spawn_local(async move {
                let answer = crate::fns::rate_password(password, known_by).await;
                if asked.get() != number {
                    return;
                }
                // Where nobody can say, nothing is said.
                place.set_hidden(answer.is_err());
                if let Ok(rated) = answer {
                    if let Some(meter) = find::<HtmlMeterElement>(Some(&place), "meter") {
                        meter.set_value(rated.score.into());
                    }
                    if let Some(words) = find::<Element>(Some(&place), "span") {
                        words.set_text_content(Some(&rated.words));
                    }
                }
            });
        });
        on(&field, ev::input, move |_| rate());
    }
}
