//! Forms for a phone number and the code that comes to it: signing in by SMS, and the number of one's account.

use super::countries;
use crate::{
    context::Ctx,
    form::{Form, FormState},
    ui::{SelectField, TextField},
};
use aivalid_model::{
    Error, Lang, Result,
    check::{Check, CheckAll},
    identity::{Country, PhoneCode, PhoneInput, PhoneNumber},
};
use leptos::prelude::*;
use serde::Deserialize;

/// The fields of both steps; which was sent is known by `action`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The value of the button that was pressed.
    pub action: String,
    /// ISO 3166-1.
    pub country_code: String,
    /// As it was typed.
    pub phone_number: String,
    /// What the SMS said.
    pub code: String,
}

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![
            ("country_code", tr!(lang, "otp.country").into_owned()),
            ("phone_number", tr!(lang, "otp.number").into_owned()),
            ("code", tr!(lang, "otp.code").into_owned()),
        ]
    }
}

impl Fields {
    /// A form that begins with the country that most numbers are of.
    pub fn fresh(ctx: &Ctx) -> Self {
        let countries = ctx.service.otp_countries();
        let first = countries.iter().find(|country| **country == Country::INDONESIA).or_else(|| countries.first());
        Self { country_code: first.map_or_else(String::new, |country| country.iso.to_owned()), ..Self::default() }
    }

    /// The number.
    pub fn number(&self) -> Result<PhoneNumber> {
        PhoneInput { phone_number: self.phone_number.clone(), country_code: Some(self.country_code.clone()) }.check_all()
    }

    /// The code.
    pub fn code(&self) -> Result<PhoneCode> {
        PhoneCode::check(self.code.clone()).map_err(|problem| Error::field("code", problem))
    }
}

/// Country and number.
#[component]
pub fn NumberFields<'a>(ctx: &'a Ctx, state: &'a FormState<Fields>, #[prop(optional)] autofocus: bool) -> impl IntoView + use<> {
    let Fields { country_code, phone_number, .. } = &state.values;
    let hint = tr!(ctx.lang(), "otp.number_hint").into_owned();
    view! {
        <SelectField ctx state name="country_code" value=country_code.clone() choices=countries::choices(ctx)/>
        <TextField ctx state name="phone_number" kind="tel" value=phone_number.clone() autocomplete="tel-national" inputmode="tel" maxlength="40" autofocus hint/>
    }
}

/// The code. What was typed is of no use a second time.
#[component]
pub fn CodeField<'a>(ctx: &'a Ctx, state: &'a FormState<Fields>) -> impl IntoView + use<> {
    view! { <TextField ctx state name="code" value="" autocomplete="one-time-code" inputmode="numeric" autofocus=true maxlength="10"/> }
}

/// When it is worth trying again, where too many codes were asked for or tried.
pub fn wait(lang: Lang, state: &FormState<Fields>) -> Option<impl IntoView + use<>> {
    let Some(Error::RateLimited { retry_after, .. }) = &state.problem else { return None };
    Some(view! { <p>{crate::i18n::plural(lang, "otp.again_wait", retry_after.div_ceil(60))}</p> })
}
