//! The composer's toolbar, keys, live preview and draft.

use leptos::prelude::*;

/// Gives the page's composer its tools. Shows nothing itself; without it the composer is a form with a preview button.
#[island]
pub fn ComposerTools(
    /// Under which name the draft is kept.
    draft: String,
    /// `Draft saved`
    saved: String,
    /// `Draft restored`
    restored: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    if let Some(composer) = live::Composer::find(draft) {
        composer.start(saved, restored);
    }
    #[cfg(not(feature = "hydrate"))]
    drop((draft, saved, restored));
}

#[cfg(feature = "hydrate")]
mod live {
    use super::super::{
        dom::{all, find, on, rested},
        draft, markup,
    };
    use leptos::{ev, prelude::*};
    use std::{cell::Cell, rc::Rc};
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlButtonElement, HtmlDocument, HtmlElement, HtmlFormElement, HtmlTextAreaElement, KeyboardEvent};

    /// The elements of the page's composer.
    #[derive(Clone)]
    pub(super) struct Composer {
        draft: Rc<str>,
        root: Element,
        form: HtmlFormElement,
        text: HtmlTextAreaElement,
        hint: HtmlElement,
        discard: HtmlButtonElement,
        preview: HtmlButtonElement,
        /// Each preview has a number, so that one that comes late does not replace a later one.
        asked: Rc<Cell<u32>>,
    }

    impl Composer {
        pub fn find(draft: String) -> Option<Self> {
            let root: Element = find(None, ".composer")?;
            let text: HtmlTextAreaElement = find(Some(&root), "textarea")?;
            let inside = Some(&root);
            Some(Self {
                draft: draft.into(),
                form: text.form()?,
                hint: find(inside, "footer > .hint")?,
                discard: find(inside, "footer > .btn-link")?,
                preview: find(inside, "footer > [value=preview]")?,
                text,
                asked: Rc::default(),
                root,
            })
        }

        pub fn start(self, saved: String, restored: String) {
            self.toolbar();
            self.keys();
            self.drafts(saved, restored);
            self.previews();
        }

        fn toolbar(&self) {
            let Some(bar) = find::<HtmlElement>(Some(&self.root), ".composer-bar") else { return };
            bar.set_hidden(false);
            for button in all::<HtmlButtonElement>(&bar, "button") {
                let this = self.clone();
                on(&button.clone(), ev::click, move |_| this.edit(&button.value()));
            }
        }

        fn keys(&self) {
            let this = self.clone();
            on(&self.text, ev::keydown, move |event: KeyboardEvent| {
                if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
                    return;
                }
                match event.key().as_str() {
                    "b" => this.edit("bold"),
                    "i" => this.edit("italic"),
                    "k" => this.edit("link"),
                    // A form that is not whole says so itself.
                    "Enter" => drop(this.form.request_submit()),
                    _ => return,
                }
                event.prevent_default();
            });
        }

        /// Does to the text what a button says.
        fn edit(&self, deed: &str) {
            let place = |result: Result<Option<u32>, _>| result.ok().flatten().unwrap_or(0);
            let (start, end) = (place(self.text.selection_start()), place(self.text.selection_end()));
            let Some(edit) = markup::edit(deed, &self.text.value(), start as usize, end as usize) else { return };
            let unit = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            // Where the focus or a selection can't be set, the text is changed all the same.
            let _ = self.text.focus();
            let _ = self.text.set_selection_range(unit(edit.from), unit(edit.to));
            // The old command is the only one whose change can be undone with the keyboard.
            let typed = document().unchecked_into::<HtmlDocument>().exec_command_with_show_ui_and_value("insertText", false, &edit.text);
            if !typed.unwrap_or(false) {
                let _ = self.text.set_range_text(&edit.text);
            }
            let _ = self.text.set_selection_range(unit(edit.select.0), unit(edit.select.1));
        }

        fn drafts(&self, saved: String, restored: String) {
            if draft::restore(&self.draft, &self.form) {
                self.hint.set_text_content(Some(&restored));
                self.discard.set_hidden(false);
            }
            let this = self.clone();
            on(&self.discard, ev::click, move |_| {
                draft::drop_draft(&this.draft, &this.form);
                this.hint.set_text_content(None);
                this.discard.set_hidden(true);
                // The button that had the focus is gone.
                let _ = this.text.focus();
            });
            let this = self.clone();
            let keep = rested(move || {
                let kept = draft::keep(&this.draft, &this.form);
                this.hint.set_text_content(kept.then_some(&saved));
                this.discard.set_hidden(!kept);
            });
            on(&self.form, ev::input, move |_| keep());
            let this = self.clone();
            on(&self.form, ev::submit, move |event| {
                let publishes = event.submitter().is_none_or(|button| button.get_attribute("name").is_none());
                if publishes {
                    draft::keep(&this.draft, &this.form);
                    draft::sent(&this.draft);
                }
            });
        }

        fn previews(&self) {
            let this = self.clone();
            on(&self.preview, ev::click, move |event| {
                event.prevent_default();
                match this.pane() {
                    Some(pane) => {
                        pane.remove();
                        // How the button looks is not worth an error.
                        let _ = this.preview.set_attribute("aria-pressed", "false");
                    }
                    None => {
                        let _ = this.text.insert_adjacent_html("afterend", "<div class=\"prose\" dir=\"auto\" aria-live=\"polite\"></div>");
                        let _ = this.preview.set_attribute("aria-pressed", "true");
                        this.show();
                    }
                }
            });
            let this = self.clone();
            let renew = rested(move || {
                if this.pane().is_some() {
                    this.show();
                }
            });
            on(&self.text, ev::input, move |_| renew());
        }

        fn pane(&self) -> Option<Element> {
            find(Some(&self.root), ".composer > .prose")
        }

        /// Renews the preview.
        fn show(&self) {
            let this = self.clone();
            let number = this.asked.get().wrapping_add(1);
            this.asked.set(number);
            leptos::task::spawn_local(async move {
                let answer = crate::fns::preview_markdown(this.text.value()).await;
                let Some(pane) = this.pane().filter(|_| this.asked.get() == number) else { return };
                match answer {
                    Ok(html) => pane.set_inner_html(&html),
                    // The page says what is wrong, with everything kept.
                    Err(_) => drop(this.form.request_submit_with_submitter(Some(&this.preview))),
                }
            });
        }
    }
}
