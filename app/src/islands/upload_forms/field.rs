//! A field for a file: what was chosen or dropped, with a look at it.

use super::super::dom::{find, on};
use crate::bytes::size_words;
use aivalid_model::{
    Lang,
    files::{FileKind, HEAD},
};
use leptos::{ev, prelude::document, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, DragEvent, Element, Event, File, HtmlButtonElement, HtmlElement, HtmlImageElement, HtmlInputElement, Url};

/// The elements of one field.
#[derive(Clone)]
pub(super) struct Field {
    root: HtmlElement,
    pub input: HtmlInputElement,
    chosen: HtmlElement,
    picture: HtmlImageElement,
    /// Whether what was chosen would be refused.
    bad: Rc<Cell<bool>>,
    /// Each choice has a number, so that a look at an earlier one says nothing of a later one.
    looks: Rc<Cell<u32>>,
    /// The address under which the browser shows the picture.
    url: Rc<RefCell<Option<String>>>,
}

impl Field {
    pub fn of(input: HtmlInputElement) -> Option<Self> {
        let root: HtmlElement = input.closest(".field").ok()??.dyn_into().ok()?;
        let chosen: HtmlElement = find(Some(&root), ".chosen")?;
        let picture = find(Some(&chosen), "img")?;
        Some(Self { root, input, chosen, picture, bad: Rc::default(), looks: Rc::default(), url: Rc::default() })
    }

    pub fn wake(&self) {
        self.root.class_list().add_1("field-awake").unwrap_or_default();
        let this = self.clone();
        on(&self.input, ev::change, move |_| this.look());
        let this = self.clone();
        // A picture that the browser can't show is shown as what it is: a file.
        on(&self.picture, ev::error, move |_| this.show_picture(None));
        if let Some(button) = find::<HtmlButtonElement>(Some(&self.chosen), "button") {
            let this = self.clone();
            on(&button, ev::click, move |_| {
                if this.input.disabled() {
                    return;
                }
                this.input.set_value("");
                this.look();
                // The button that had the focus is gone.
                let _ = this.input.focus();
            });
        }
        for (event, over) in [("dragover", true), ("dragleave", false), ("drop", false)] {
            let this = self.clone();
            on(&self.root, ev::Custom::<DragEvent>::new(event), move |event: DragEvent| {
                event.prevent_default();
                // How the field looks is not worth an error.
                let _ = this.root.class_list().toggle_with_force("field-over", over);
                if event.type_() == "drop"
                    && let Some(file) = event.data_transfer().and_then(|dropped| dropped.files()).and_then(|files| files.get(0))
                {
                    choose(&this.input, &file);
                }
            });
        }
        // What the browser kept over a reload.
        if self.file().is_some() {
            self.look();
        }
    }

    /// What was chosen.
    pub fn file(&self) -> Option<File> {
        self.input.files()?.get(0)
    }

    /// Whether what was chosen would be refused.
    pub fn is_bad(&self) -> bool {
        self.bad.get()
    }

    /// How many bytes were chosen.
    pub fn size(&self) -> u64 {
        self.file().map_or(0, |file| size_of(&file))
    }

    fn words(&self, name: &str) -> String {
        self.input.get_attribute(name).unwrap_or_default()
    }

    /// Shows what was chosen, and says what is wrong with it.
    fn look(&self) {
        let number = self.looks.get().wrapping_add(1);
        self.looks.set(number);
        self.complain(None);
        self.show_picture(None);
        let file = self.file();
        self.chosen.set_hidden(file.is_none());
        let Some(file) = file else { return };
        for (place, words) in [("b", file.name()), (".hint", size_words(page_lang(), size_of(&file)))] {
            if let Some(element) = find::<Element>(Some(&self.chosen), place) {
                element.set_text_content(Some(&words));
            }
        }
        let this = self.clone();
        spawn_local(async move {
            let kind = kind_of(&file).await;
            if this.looks.get() != number {
                return;
            }
            let taken = |kind: &FileKind| this.words("data-kinds").split(' ').any(|word| word == kind.as_str());
            let kind = kind.filter(taken);
            let most: u64 = this.words("data-most").parse().unwrap_or(u64::MAX);
            match kind {
                _ if size_of(&file) == 0 => this.complain(Some(&this.words("data-empty"))),
                None => this.complain(Some(&this.words("data-wrong"))),
                Some(_) if size_of(&file) > most => this.complain(Some(&this.words("data-large"))),
                Some(kind) if kind.is_picture() => this.show_picture(Url::create_object_url_with_blob(&file).ok()),
                Some(_) => {}
            }
        });
    }

    /// Gives back what the browser keeps for the picture.
    pub fn leave(&self) {
        self.show_picture(None);
    }

    /// Shows the picture at an address, or a sheet of paper.
    fn show_picture(&self, url: Option<String>) {
        self.picture.set_hidden(url.is_none());
        match &url {
            Some(url) => self.picture.set_src(url),
            // An empty address would be the page's own.
            None => self.picture.remove_attribute("src").unwrap_or_default(),
        }
        if let Some(icon) = find::<Element>(Some(&self.chosen), ".icon") {
            // Icons are no HTML elements, which alone know `hidden` as a property.
            let _ = icon.toggle_attribute_with_force("hidden", url.is_some());
        }
        if let Some(earlier) = self.url.replace(url) {
            Url::revoke_object_url(&earlier).unwrap_or_default();
        }
    }

    /// Says what is wrong, or nothing, in the place where the server says it.
    fn complain(&self, problem: Option<&str>) {
        let id = format!("{}-e", self.input.name());
        if let Some(old) = document().get_element_by_id(&id) {
            old.remove();
        }
        self.bad.set(problem.is_some());
        let hint = format!("{}-h", self.input.name());
        let described = problem.map_or_else(|| hint.clone(), |_| format!("{hint} {id}"));
        let _ = self.input.set_attribute("aria-describedby", &described);
        let Some(words) = problem else {
            let _ = self.input.remove_attribute("aria-invalid");
            return;
        };
        let _ = self.input.set_attribute("aria-invalid", "true");
        let html = format!("<p class=\"error\" id=\"{id}\" role=\"alert\"></p>");
        if let Some(place) = self.input.parent_element()
            && place.insert_adjacent_html("beforebegin", &html).is_ok()
            && let Some(line) = document().get_element_by_id(&id)
        {
            line.set_text_content(Some(words));
        }
    }
}

/// Chooses a file, as if it had been picked; nothing while one is sent.
pub(super) fn choose(input: &HtmlInputElement, file: &File) {
    if input.disabled() {
        return;
    }
    let Ok(transfer) = DataTransfer::new() else { return };
    if transfer.items().add_with_file(file).is_ok() {
        input.set_files(transfer.files().as_ref());
        if let Ok(event) = Event::new("change") {
            // Ours is no event that somebody could have stopped.
            let _ = input.dispatch_event(&event);
        }
    }
}

/// What a file is, by its first bytes, as the server tells it.
async fn kind_of(file: &File) -> Option<FileKind> {
    let head = file.slice_with_i32_and_i32(0, HEAD.try_into().ok()?).ok()?;
    let bytes = JsFuture::from(head.array_buffer()).await.ok()?;
    FileKind::of(&js_sys::Uint8Array::new(&bytes).to_vec())
}

/// The page's language.
fn page_lang() -> Lang {
    document().document_element().and_then(|page| page.get_attribute("lang")?.parse().ok()).unwrap_or_default()
}

/// How many bytes a file has. JavaScript says it as a floating-point number, since it has no others.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes are whole, not negative, and far below 2^53")]
fn size_of(file: &File) -> u64 {
    file.size() as u64
}
