//! What stands under a discussion: the form, or what it takes to have one.

use crate::{
    context::Ctx,
    pages::{auth::verify_notice, preferences::without},
    paths,
    ui::{ComposerParts, Html, Icon},
};
use aivalid_model::{community::Target, id::ReplyId};
use leptos::prelude::*;

/// The form for a reply; for those who can't reply, why. `parent` is the reply that is being answered, and who wrote it.
pub fn view(ctx: &Ctx, target: Target, action: String, locked: bool, parent: Option<(ReplyId, String)>) -> Html {
    let lang = ctx.lang();
    if locked {
        return Html::of(view! { <div class="flash" id="composer"><Icon name="lock"/><p>{tr!(lang, "reply.locked")}</p></div> });
    }
    match &ctx.caller.user {
        None => guest(ctx),
        Some(user) if !user.email_verified => Html::of(view! { <div id="composer">{verify_notice(ctx)}</div> }),
        Some(_) => {
            let hidden = parent.as_ref().map(|(id, _)| view! { <input type="hidden" name="parent" value=id.to_string()/> });
            let answering = parent.map(|(id, name)| answering(ctx, id, &name));
            let send = tr!(lang, "write.send_reply").into_owned();
            let label = tr!(lang, "write.reply").into_owned();
            let draft = format!("{}-{}-reply", target.kind.as_str(), target.id);
            let post_to = action.clone();
            Html::of(view! {
                {answering}
                <form class="composer" id="composer" method="post" action=post_to>
                    {hidden}
                    <ComposerParts ctx action draft value=String::new() maxlength="20000" label=Some(label) described_by=None is_bad=false autofocus=false send=Some(send)/>
                </form>
            })
        }
    }
}

fn guest(ctx: &Ctx) -> Html {
    let lang = ctx.lang();
    let href = paths::login(&format!("{}#composer", ctx.path));
    Html::of(view! {
        <div class="card cluster" id="composer">
            <p>{tr!(lang, "reply.sign_in")}</p>
            <div class="cluster push"><a class="btn btn-primary" href=href>{tr!(lang, "frame.login")}</a><a class="btn" href="/register">{tr!(lang, "frame.register")}</a></div>
        </div>
    })
}

/// Which reply is being answered, and the way back to answering the post.
fn answering(ctx: &Ctx, id: ReplyId, name: &str) -> Html {
    let lang = ctx.lang();
    let post = format!("{}#composer", without(&ctx.path, "reply"));
    Html::of(view! {
        <p class="small"><Icon name="reply"/>" "<a href=format!("#r{id}")>{tr!(lang, "write.answering", name = name)}</a>" · "<a href=post>{tr!(lang, "reply.answer_post")}</a></p>
    })
}
