//! Form fields: label, hint, problem, control, joined by `aria-describedby`. A field finds its label and its problem in the
//! form's [`FormState`] by its name; the first bad one gets the focus.

mod choice;
mod file;
mod summary;
mod text;

pub use choice::{Check, Checkbox, Checks, Choice, Segments, SelectField};
pub use file::{FileField, UploadProgress, UploadsAwake};
pub use summary::{ErrorSummary, way_out};
pub use text::{NewPasswordField, TextArea, TextField, kept};

use crate::{
    context::Ctx,
    form::{Form, FormState},
    ui::Html,
};
use aivalid_model::Lang;
use leptos::prelude::*;

/// What stands around a control, and what the control has to say of it.
pub struct Around {
    /// The control's name and id.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Whether it is the one to look at first.
    pub first: bool,
    hint: Option<String>,
    optional: Option<String>,
}

impl Around {
    /// What a form's state says of a field.
    pub fn of<T: Form>(ctx: &Ctx, state: &FormState<T>, name: &'static str, hint: Option<String>, required: bool) -> Self {
        let lang: Lang = ctx.lang();
        Self {
            name,
            label: FormState::<T>::label(lang, name),
            error: state.error(lang, name),
            first: state.is_first_bad(lang, name),
            hint,
            optional: (!required).then(|| tr!(lang, "form.optional").into_owned()),
        }
    }

    /// `true` for a control whose value is wrong.
    pub fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    /// The ids of what describes the control.
    pub fn described_by(&self) -> Option<String> {
        let name = self.name;
        match (&self.hint, &self.error) {
            (None, None) => None,
            (Some(_), None) => Some(format!("{name}-h")),
            (None, Some(_)) => Some(format!("{name}-e")),
            (Some(_), Some(_)) => Some(format!("{name}-h {name}-e")),
        }
    }

    fn label_words(&self) -> Html {
        let mut html = Html::default();
        html.text(&self.label);
        if let Some(words) = &self.optional {
            html.raw(" <span class=\"optional\">").text(words).raw("</span>");
        }
        html
    }

    /// Hint and problem.
    fn notes(&self) -> Html {
        let mut html = Html::default();
        if let Some(words) = &self.hint {
            html.raw("<p class=\"hint\" id=\"").raw(self.name).raw("-h\">").text(words).raw("</p>");
        }
        if let Some(words) = &self.error {
            html.raw("<p class=\"error\" id=\"").raw(self.name).raw("-e\">").text(words).raw("</p>");
        }
        html
    }

    /// The field with its control.
    pub fn field(&self, control: impl IntoView) -> Html {
        let mut html = Html::default();
        html.raw("<div class=\"field\"><label for=\"").raw(self.name).raw("\">").piece(&self.label_words()).raw("</label>");
        html.piece(&self.notes()).piece(&Html::of(control)).raw("</div>");
        html
    }

    /// A field whose control is a group of its own.
    pub fn fieldset(&self, control: impl IntoView) -> Html {
        let mut html = Html::default();
        html.raw("<fieldset class=\"field\" id=\"").raw(self.name).raw("\"").attribute("aria-describedby", self.described_by().as_deref());
        html.raw("><legend>").piece(&self.label_words()).raw("</legend>").piece(&self.notes());
        html.piece(&Html::of(control)).raw("</fieldset>");
        html
    }
}
