//! Fields to choose from.

use super::Around;
use crate::{
    context::Ctx,
    form::{Form, FormState},
    ui::{Html, Icon},
};
use leptos::prelude::*;

/// One of several values.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub words: String,
    /// An icon of the sprite, where the field shows icons.
    pub icon: Option<&'static str>,
}

impl Choice {
    /// A value and its words.
    pub fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value: value.into(), words: words.into(), icon: None }
    }

    /// With an icon.
    #[must_use]
    pub const fn icon(mut self, name: &'static str) -> Self {
        self.icon = Some(name);
        self
    }
}

/// One of a list that folds out. Without a value that is on the list, an empty first entry is chosen.
#[component]
pub fn SelectField<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    #[prop(into)] value: String,
    choices: Vec<Choice>,
    #[prop(optional)] hint: Option<String>,
    #[prop(default = true)] required: bool,
    /// The select's classes.
    #[prop(default = "select")]
    class: &'static str,
) -> impl IntoView + use<T> {
    let around = Around::of(ctx, state, name, hint, required);
    let is_open = !choices.iter().any(|choice| choice.value == value);
    let open = is_open.then(|| view! { <option value="" selected>{tr!(ctx.lang(), "form.choose")}</option> });
    let options = choices
        .into_iter()
        .map(|choice| view! { <option selected=choice.value == value value=choice.value>{choice.words}</option> })
        .collect_view();
    let select = view! {
        <select class=class id=name name=name required=required autofocus=around.first aria-invalid=around.invalid() aria-describedby=around.described_by()>{open}{options}</select>
    };
    around.field(select)
}

/// One of a few, side by side.
#[component]
pub fn Segments<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    #[prop(into)] value: String,
    choices: Vec<Choice>,
    #[prop(optional)] hint: Option<String>,
    #[prop(default = false)] autofocus: bool,
) -> impl IntoView + use<T> {
    let around = Around::of(ctx, state, name, hint, true);
    let focused = around.first || (autofocus && !state.is_bad());
    let labels = choices.into_iter().enumerate().map(|(index, choice)| {
        let icon = choice.icon.map(|name| view! { <Icon name=name/> });
        let checked = choice.value == value;
        let autofocus = focused && index == 0;
        view! { <label><input type="radio" name=name value=choice.value checked=checked autofocus=autofocus/>{icon}{choice.words}</label> }
    });
    let labels = labels.collect_view();
    around.fieldset(view! { <div class="segments">{labels}</div> })
}

/// Yes or no: sends `on` or nothing.
#[component]
pub fn Checkbox<'a, T: Form>(
    ctx: &'a Ctx,
    state: &'a FormState<T>,
    name: &'static str,
    checked: bool,
    /// The words beside the box; they may hold links.
    children: Children,
) -> impl IntoView + use<T> {
    let around = Around::of(ctx, state, name, None, true);
    let error = around.error.clone().map(|words| view! { <p class="error" id=format!("{name}-e")>{words}</p> });
    Html::of(view! {
        <div class="field">
            {error}
            <label class="checkbox">
                <input type="checkbox" id=name name=name value="on" checked=checked autofocus=around.first
                    aria-invalid=around.invalid() aria-describedby=around.described_by()/>
                <span>{children()}</span>
            </label>
        </div>
    })
}

/// One box of [`Checks`].
#[derive(Clone, Debug)]
pub struct Check {
    /// What is sent as `on` when it is ticked.
    pub name: &'static str,
    /// Whether it is ticked.
    pub checked: bool,
    /// What it stands for.
    pub words: String,
    /// What that means.
    pub hint: String,
}

/// Any of a few, each with its explanation; `name` is the whole group's, which has the label and the problem.
#[component]
pub fn Checks<'a, T: Form>(ctx: &'a Ctx, state: &'a FormState<T>, name: &'static str, checks: Vec<Check>) -> impl IntoView + use<T> {
    let around = Around::of(ctx, state, name, None, true);
    let boxes = checks.into_iter().enumerate().map(|(index, Check { name, checked, words, hint })| {
        let autofocus = around.first && index == 0;
        view! {
            <label class="checkbox">
                <input type="checkbox" name=name value="on" checked=checked autofocus=autofocus/>
                <span>{words}<span class="hint block">{hint}</span></span>
            </label>
        }
    });
    let boxes = boxes.collect_view();
    around.fieldset(boxes)
}
