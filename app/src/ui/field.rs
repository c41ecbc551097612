//! Form fields: label, hint, problem, control, joined by `aria-describedby`. A field finds its label and its problem in the
//! form's [`FormState`] by its name; the first bad one gets the focus.

mod choice;
mod summary;
mod text;

pub use choice::{Checkbox, Choice, Segments, SelectField};
pub use summary::ErrorSummary;
pub use text::{TextArea, TextField, kept};

use crate::{
    context::Ctx,
    form::{Form, FormState},
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

    fn label_words(&self) -> impl IntoView + use<> {
        let mark = self.optional.clone().map(|words| view! { " "<span class="optional">{words}</span> });
        view! { {self.label.clone()}{mark} }
    }

    /// Hint and problem.
    fn notes(&self) -> impl IntoView + use<> {
        let name = self.name;
        let hint = self.hint.clone().map(|words| view! { <p class="hint" id=format!("{name}-h")>{words}</p> });
        let error = self.error.clone().map(|words| view! { <p class="error" id=format!("{name}-e")>{words}</p> });
        view! { {hint}{error} }
    }

    /// The field with its control.
    pub fn field(&self, control: impl IntoAny) -> AnyView {
        view! { <div class="field"><label for=self.name>{self.label_words()}</label>{self.notes()}{control.into_any()}</div> }.into_any()
    }

    /// A field whose control is a group of its own.
    pub fn fieldset(&self, control: impl IntoAny) -> AnyView {
        view! { <fieldset class="field" id=self.name aria-describedby=self.described_by()><legend>{self.label_words()}</legend>{self.notes()}{control.into_any()}</fieldset> }.into_any()
    }
}
