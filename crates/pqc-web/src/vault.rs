//! The browser's database of sealed keys (`IndexedDB`): one entry for each key, under its id. It belongs to this origin, and to everybody who
//! uses this browser: entries say whose they are.

use crate::{
    js::{Outcome, get, invoke, object, text, window},
    seal::Sealed,
};
use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbRequest};

const DATABASE: &str = "aivalid-signing";
const VERSION: u32 = 1;
const STORE: &str = "keys";

/// An entry.
pub struct Entry {
    /// The key's id.
    pub id: String,
    /// Whose.
    pub user: String,
    /// When it was made, in milliseconds since 1970.
    pub made: f64,
    /// The secret.
    pub sealed: Sealed,
}

impl Entry {
    fn read(value: &JsValue) -> Option<Self> {
        let sealed = Sealed { wrap: get(value, "wrap")?, nonce: get(value, "nonce")?, bytes: get(value, "sealed")? };
        Some(Self { id: text(value, "id")?, user: text(value, "user")?, made: get(value, "made")?.as_f64()?, sealed })
    }

    fn write(&self) -> JsValue {
        let Sealed { wrap, nonce, bytes } = &self.sealed;
        let (id, user, made) = (self.id.as_str().into(), self.user.as_str().into(), self.made.into());
        object(&[("id", &id), ("user", &user), ("made", &made), ("wrap", wrap), ("nonce", nonce), ("sealed", bytes)])
    }
}

/// What comes of a request.
async fn done(request: &IdbRequest) -> Outcome {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    request.result()
}

async fn database() -> Outcome<IdbDatabase> {
    let factory = window()?.indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    let request = factory.open_with_u32(DATABASE, VERSION)?;
    let opening = request.clone();
    let set_up = Closure::once(move || {
        // Fails only where it is there already.
        let _ = opening.result().and_then(|database| invoke(&database, "createObjectStore", &[&STORE.into()]));
    });
    request.set_onupgradeneeded(Some(set_up.as_ref().unchecked_ref()));
    done(&request).await?.dyn_into()
}

/// Runs one request on the store of keys. The database is closed afterwards, so that it never stands in another version's way.
async fn with_store(mode: &str, method: &str, arguments: &[&JsValue]) -> Outcome {
    let database = database().await?;
    let begun = invoke(&database, "transaction", &[&STORE.into(), &mode.into()])
        .and_then(|transaction| invoke(&transaction, "objectStore", &[&STORE.into()]))
        .and_then(|store| invoke(&store, method, arguments)?.dyn_into::<IdbRequest>());
    let outcome = match begun {
        Ok(request) => done(&request).await,
        Err(problem) => Err(problem),
    };
    database.close();
    outcome
}

/// Keeps an entry.
pub async fn keep(entry: &Entry) -> Outcome<()> {
    with_store("readwrite", "put", &[&entry.write(), &entry.id.as_str().into()]).await.map(drop)
}

/// Deletes an entry, if there is one.
pub async fn forget(id: &str) -> Outcome<()> {
    with_store("readwrite", "delete", &[&id.into()]).await.map(drop)
}

/// A user's entries, in the order in which they were made.
pub async fn of(user: &str) -> Outcome<Vec<Entry>> {
    let all = Array::from(&with_store("readonly", "getAll", &[]).await?);
    let mut entries: Vec<Entry> = all.iter().filter_map(|value| Entry::read(&value)).filter(|entry| entry.user == user).collect();
    entries.sort_by(|one, other| one.made.total_cmp(&other.made));
    Ok(entries)
}
