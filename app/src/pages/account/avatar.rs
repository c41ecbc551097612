//! One's own picture: its part of the profile's settings.

use super::profile;
use crate::{
    context::Ctx,
    form::{Form, FormState, UPLOAD_BODY, Upload, error_words},
    member::Member,
    page::{Done, PageResult},
    ui::{Avatar, AvatarSize, ErrorSummary, FileField, UploadProgress, UploadsAwake},
};
use aivalid_model::{Error, Lang, Result, check::Problem, identity::Me};
use aivalid_service::avatars::{AVATAR_KINDS, MAX_AVATAR};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

/// The form's only field is the file, which no browser fills in again.
#[derive(Default)]
pub struct Fields;

impl Form for Fields {
    fn labels(lang: Lang) -> Vec<(&'static str, String)> {
        vec![("avatar", tr!(lang, "avatar.label").into_owned())]
    }
}

/// `GET /account/avatar`: where someone lands who reloads after a refused picture.
pub async fn show(Member(_): Member) -> Done {
    Done::to("/account")
}

/// `POST /account/avatar`.
pub async fn submit(ctx: Ctx, mut upload: Upload) -> PageResult<Response> {
    let me = ctx.service.me(&ctx.caller).await?;
    match change(&ctx, &mut upload).await {
        Ok(flash) => Ok(Done::to("/account").flash(flash).into_response()),
        Err(error) => {
            let profile = FormState::fresh(profile::Fields::from(&me));
            Ok(profile::page(&ctx, &me, &profile, &FormState::failed(Fields, error)).into_response())
        }
    }
}

async fn change(ctx: &Ctx, upload: &mut Upload) -> Result<&'static str> {
    match upload.next().await? {
        Some(part) if part.is_blank() => Err(Error::field("avatar", Problem::Required)),
        Some(part) if part.name() == "avatar" => ctx.service.avatar_set(&ctx.caller, part.content()).await.map(|_| "avatar_saved"),
        Some(part) if part.name() == "remove" => ctx.service.avatar_clear(&ctx.caller).await.map(|_| "avatar_removed"),
        Some(part) => Err(Error::field(part.name(), Problem::UnknownField)),
        None => Err(Error::field("avatar", Problem::Required)),
    }
}

/// The picture, and the forms that change it.
pub(super) fn panel(ctx: &Ctx, me: &Me, state: &FormState<Fields>) -> impl IntoView + use<> {
    let lang = ctx.lang();
    let remove = me.card.avatar_url.is_some().then(|| {
        view! {
            <form method="post" action="/account/avatar" enctype="multipart/form-data">
                <button class="btn btn-ghost" name="remove" value="yes">{tr!(lang, "avatar.remove")}</button>
            </form>
        }
    });
    view! {
        <ErrorSummary ctx state kept=false/>
        <section class="panel">
            <h2>{tr!(lang, "avatar.title")}</h2>
            <div class="avatar-forms">
                <Avatar card=&me.card size=AvatarSize::Large/>
                <form class="form" method="post" action="/account/avatar" enctype="multipart/form-data" novalidate
                    data-upload=UPLOAD_BODY.to_string() data-large=error_words(lang, &Error::TooLarge)>
                    <FileField ctx state name="avatar" takes=(&AVATAR_KINDS, MAX_AVATAR) hint=tr!(lang, "avatar.hint").into_owned()/>
                    <UploadProgress lang/>
                    <button class="btn">{tr!(lang, "avatar.save")}</button>
                </form>
                {remove}
            </div>
        </section>
        <UploadsAwake lang/>
    }
}
