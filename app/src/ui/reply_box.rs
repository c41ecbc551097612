//! What stands under a discussion: the form, or why there is none.

use super::Icon;
use crate::{context::Ctx, paths};
use aivalid_model::id::ReplyId;
use leptos::{either::EitherOf4, prelude::*};

/// The form for a reply; for those who can't reply, what it takes.
#[component]
pub fn ReplyBox<'a>(
    ctx: &'a Ctx,
    /// Where the form posts to.
    action: String,
    /// Nothing can be added.
    locked: bool,
    /// The reply that is being answered, and the name of who wrote it.
    parent: Option<(ReplyId, String)>,
) -> impl IntoView + use<> {
    let lang = ctx.lang();
    if locked {
        return EitherOf4::A(view! { <div class="flash" id="composer"><Icon name="lock"/><p>{tr!(lang, "reply.locked")}</p></div> });
    }
    match &ctx.caller.user {
        None => {
            let href = paths::login(&format!("{}#composer", ctx.path));
            EitherOf4::B(view! {
                <div class="card cluster" id="composer">
                    <p>{tr!(lang, "reply.sign_in")}</p>
                    <div class="cluster push"><a class="btn btn-primary" href=href>{tr!(lang, "frame.login")}</a><a class="btn" href="/register">{tr!(lang, "frame.register")}</a></div>
                </div>
            })
        }
        Some(user) if !user.email_verified => EitherOf4::C(view! {
            <div class="flash flash-warning" id="composer"><Icon name="mail"/><p>{tr!(lang, "reply.verify")}</p></div>
        }),
        Some(_) => {
            let answering = parent.map(|(id, name)| {
                let words = tr!(lang, "reply.answering", name = name);
                let here = ctx.path.split('?').next().unwrap_or_default().to_owned() + "#composer";
                view! {
                    <p class="small"><Icon name="reply"/>" "<a href=format!("#r{id}")>{words}</a>" · "<a href=here>{tr!(lang, "reply.answer_post")}</a></p>
                    <input type="hidden" name="parent" value=id.to_string()/>
                }
            });
            EitherOf4::D(view! {
                <form class="composer" id="composer" method="post" action=action>
                    {answering}
                    <textarea class="textarea" name="content" required maxlength="20000" aria-label=tr!(lang, "reply.label") placeholder=tr!(lang, "reply.placeholder")></textarea>
                    <footer><span class="hint">{tr!(lang, "reply.markdown")}</span><button class="btn btn-primary">{tr!(lang, "reply.send")}</button></footer>
                </form>
            })
        }
    }
}
