//! Sending a form with files: how far it is, stopping it, and what came of it.

use super::{
    super::dom::{all, find, on},
    UploadWords,
    field::{Field, choose},
    typed::Typed,
};
use leptos::{ev, prelude::*};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use web_sys::{
    DomParser, Element, Event, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlProgressElement,
    ProgressEvent, SupportedType, XmlHttpRequest,
};

/// What a form's fields, names and marks weigh besides its files.
const MARKS: u64 = 4096;

/// Wakes every form with files below `main`, also after it was written anew.
pub(super) fn start(words: &Rc<UploadWords>) {
    let Some(main) = find::<Element>(None, "main") else { return };
    for form in all::<HtmlFormElement>(&main, "form[data-upload]") {
        if let Some(upload) = UploadForm::of(form, words.clone()) {
            upload.wake();
        }
    }
}

/// The elements of one form.
#[derive(Clone)]
struct UploadForm {
    words: Rc<UploadWords>,
    form: HtmlFormElement,
    fields: Rc<[Field]>,
    /// How far it is, with the button that stops it.
    panel: HtmlElement,
    progress: HtmlProgressElement,
    /// What is read aloud.
    spoken: HtmlElement,
    /// What went wrong, with the button that tries again.
    failed: HtmlElement,
    /// Whether everything was sent.
    sent: Rc<Cell<bool>>,
    /// What is under way.
    request: Rc<RefCell<Option<XmlHttpRequest>>>,
}

impl UploadForm {
    fn of(form: HtmlFormElement, words: Rc<UploadWords>) -> Option<Self> {
        let inside: Option<&Element> = Some(&form);
        let panel: HtmlElement = find(inside, ".uploading")?;
        Some(Self {
            words,
            fields: all(&form, "input[type=file]").into_iter().filter_map(Field::of).collect(),
            progress: find(Some(&panel), "progress")?,
            spoken: find(inside, "[role=status]")?,
            failed: find(inside, ".upload-failed")?,
            sent: Rc::default(),
            request: Rc::default(),
            panel,
            form,
        })
    }

    fn wake(&self) {
        for field in self.fields.iter() {
            field.wake();
        }
        let this = self.clone();
        on(&self.form, ev::submit, move |event| {
            event.prevent_default();
            this.pressed();
        });
        let this = self.clone();
        // Whoever comes back from the next page finds this one as it was left.
        on(&window(), ev::Custom::<Event>::new("pageshow"), move |_| {
            if this.request.borrow().is_none() && !this.panel.hidden() {
                this.rest();
            }
        });
        if let Some(button) = find::<HtmlButtonElement>(Some(&self.panel), "button") {
            let this = self.clone();
            on(&button, ev::click, move |_| this.stop());
        }
    }

    fn stop(&self) {
        // What was stopped a moment ago needs no stopping.
        let Some(request) = self.request.take() else { return };
        let _ = request.abort();
        if self.sent.get() {
            self.complain(&self.words.unanswered);
        } else {
            self.rest();
            self.say(&self.words.cancelled);
        }
    }

    fn say(&self, words: &str) {
        self.spoken.set_text_content(Some(words));
    }

    /// Says what is wrong, and offers to try again.
    fn complain(&self, words: &str) {
        if let Some(line) = find::<Element>(Some(&self.failed), "p") {
            line.set_text_content(Some(words));
        }
        self.failed_now();
    }

    /// The same with the server's words, which may have a link.
    fn complain_as(&self, words: &Element) {
        if let Some(line) = find::<Element>(Some(&self.failed), "p") {
            line.set_inner_html(&words.inner_html());
        }
        self.failed_now();
    }

    fn failed_now(&self) {
        self.rest();
        self.failed.set_hidden(false);
        focus(self.buttons().first());
    }

    /// Nothing is under way.
    fn rest(&self) {
        self.panel.set_hidden(true);
        self.say("");
        self.still(false);
        focus(self.buttons().last());
    }

    /// While something is sent nothing else can be chosen or sent.
    fn still(&self, still: bool) {
        for button in self.buttons() {
            button.set_disabled(still);
        }
        for field in self.fields.iter() {
            field.input.set_disabled(still);
        }
    }

    /// What sends the form: the button that tries again, then the form's own.
    fn buttons(&self) -> Vec<HtmlButtonElement> {
        all(&self.form, "button:not([type=button])")
    }

    fn pressed(&self) {
        self.failed.set_hidden(true);
        if let Some(bad) = self.fields.iter().find(|field| field.is_bad()) {
            focus(Some(&bad.input));
            return;
        }
        let most: u64 = self.form.get_attribute("data-upload").and_then(|most| most.parse().ok()).unwrap_or(u64::MAX);
        if self.fields.iter().map(Field::size).sum::<u64>() + MARKS > most {
            self.complain(&self.form.get_attribute("data-large").unwrap_or_default());
            return;
        }
        if self.send().is_none() {
            // As it would be without us; the page then says what is wrong.
            let _ = self.form.submit();
        }
    }

    fn send(&self) -> Option<()> {
        // Fields that can't be changed are not sent: the form is read before.
        let body = FormData::new_with_form(&self.form).ok()?;
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", &self.form.action()).ok()?;
        request.set_request_header("x-form", "script").ok()?;
        let upload = request.upload().ok()?;
        let this = self.clone();
        let told = Rc::new(Cell::new(0_u32));
        on(&upload, ev::Custom::<ProgressEvent>::new("progress"), move |event: ProgressEvent| {
            if event.total() > 0.0 && this.request.borrow().is_some() {
                this.progressed(event.loaded() / event.total(), &told);
            }
        });
        let (this, sent) = (self.clone(), request.clone());
        on(&request, ev::load, move |_| {
            // What was stopped has no answer that matters.
            if this.request.take().is_some() {
                this.answered(&sent);
            }
        });
        let this = self.clone();
        on(&request, ev::error, move |_| {
            if this.request.take().is_some() {
                this.complain(if this.sent.get() { &this.words.unanswered } else { &this.words.broken });
            }
        });
        request.send_with_opt_form_data(Some(&body)).ok()?;
        self.request.replace(Some(request));
        self.sent.set(false);
        self.panel.set_hidden(false);
        self.still(true);
        self.say(&self.words.sending);
        self.show(0);
        // Not the button: whoever pressed Enter twice did not mean to stop.
        focus(Some(&self.panel));
        Some(())
    }

    fn show(&self, percent: u32) {
        self.progress.set_value(percent.into());
        self.write(&self.words.sending, &format!("{percent}%"));
    }

    fn write(&self, words: &str, figure: &str) {
        for (place, words) in [("b", words), (".num", figure)] {
            if let Some(element) = find::<Element>(Some(&self.panel), place) {
                element.set_text_content(Some(words));
            }
        }
    }

    /// Shows how far it is; every quarter is read aloud.
    fn progressed(&self, part: f64, told: &Cell<u32>) {
        let percent = (0..=100).rev().find(|percent| f64::from(*percent) <= part * 100.0).unwrap_or(0);
        if percent < 100 {
            self.show(percent);
            if percent / 25 > told.replace(percent / 25) {
                self.say(&format!("{}: {percent}%", self.words.sending));
            }
        } else {
            // Nobody knows how long it takes from here.
            self.sent.set(true);
            let _ = self.progress.remove_attribute("value");
            self.write(&self.words.checking, "");
            self.say(&self.words.checking);
        }
    }

    fn answered(&self, request: &XmlHttpRequest) {
        let to = request.get_response_header("location").ok().flatten();
        if let (Ok(204), Some(to)) = (request.status(), to) {
            // The message of what was done waits there. Where the browser can't go there the form can be sent again.
            let _ = window().location().set_href(&to);
            return;
        }
        let text = request.response_text().ok().flatten().unwrap_or_default();
        let page = DomParser::new().and_then(|parser| parser.parse_from_string(&text, SupportedType::TextHtml)).ok();
        let main = page.and_then(|page| page.query_selector("main").ok().flatten());
        let Some(main) = main else { return self.complain(&self.words.failed) };
        match find::<Element>(Some(&main), ".problem > p") {
            Some(words) => self.complain_as(&words),
            None => self.replaced_by(&main),
        }
    }

    /// Shows the page as the server answered it. What it neither refused nor took is chosen again, and what was typed into other
    /// forms stays.
    fn replaced_by(&self, answer: &Element) {
        let Some(main) = find::<HtmlElement>(None, "main") else { return };
        let chosen: Vec<_> = self.fields.iter().map(|field| (field.input.name(), field.file())).collect();
        let typed = Typed::of(&main);
        self.fields.iter().for_each(Field::leave);
        main.set_inner_html(&answer.inner_html());
        typed.put_back(&main);
        start(&self.words);
        for input in all::<HtmlInputElement>(&main, "input[type=file]") {
            let is_open = !input.has_attribute("aria-invalid") && !input.has_attribute("data-taken");
            let mut files = chosen.iter().filter(|(name, _)| *name == input.name());
            if let Some(file) = files.find_map(|(_, file)| file.as_ref()).filter(|_| is_open) {
                choose(&input, file);
            }
        }
        focus(find::<HtmlElement>(Some(&main), "[autofocus]").as_ref());
    }
}

fn focus<T: AsRef<HtmlElement>>(element: Option<&T>) {
    if let Some(element) = element {
        // Where the focus can't be set it is at the page's beginning.
        let _ = element.as_ref().focus();
    }
}
