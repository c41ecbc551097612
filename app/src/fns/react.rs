//! Reacting.

use crate::error::Fault;
use aivalid_model::community::Reactions;
use leptos::{prelude::*, server_fn::codec::Json};

/// Does what a reaction's button asks for (see [`crate::wish::Wish`]) and answers with the new counts.
#[server(endpoint = "react", input = Json, output = Json)]
pub async fn react(wish: String) -> Result<Reactions, Fault> {
    use super::answer::{answer, context};
    use crate::wish::Wish;
    use aivalid_model::Error;

    let done = async {
        let ctx = context()?;
        let wish = Wish::parse(&wish).ok_or_else(|| Error::bad_request("no such reaction"))?;
        ctx.service.react(&ctx.caller, wish.target, wish.kind).await
    };
    answer(done.await)
}
