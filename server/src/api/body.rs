//! From a JSON text to checked input, or to everything that is wrong with it.
//!
//! serde stops at the first field that it can't read. People who send several wrong fields want to hear of all of them at once
//! (spec section 3), so after a failure the body is read again with something acceptable in place of what was wrong.

use aivalid_model::{
    Error,
    check::{CheckAll, FieldError, Problem},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// How often a body is read again. Whoever makes more mistakes hears of the rest next time.
const TRIES: usize = 64;
/// Larger bodies are not read again: that would be work for an attacker to ask for.
const WORTH_IT: usize = 64 * 1024;

/// The checked input of a JSON object.
pub(super) fn read<T: CheckAll + DeserializeOwned>(text: &str) -> Result<T::Checked, Error> {
    // Checked here because serde would read an array as an object's fields in order.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Error::bad_request("the body is not a JSON object"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(input) => {
            deserializer.end().map_err(|_| Error::bad_request("there is something after the JSON value"))?;
            input.check_all()
        }
        Err(error) if error.inner().is_data() => Err(match serde_json::from_str(text) {
            Ok(Value::Object(object)) if text.len() <= WORTH_IT => Error::Validation { fields: survey::<T>(object, explain(&error)) },
            Ok(_) => Error::Validation { fields: vec![explain(&error)] },
            // A field was wrong before the text stopped being JSON.
            Err(error) => not_json(&error),
        }),
        Err(error) => Err(not_json(error.inner())),
    }
}

/// The category that a body names, where it was worth a second reading.
pub(super) fn category(text: &str) -> Option<String> {
    let body: Value = serde_json::from_str(text).ok().filter(|_| text.len() <= WORTH_IT)?;
    body.get("category")?.as_str().map(str::to_owned)
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::bad_request(format!("the body is not JSON: {error}"))
}

/// Every bad field, beginning with the first that was found.
fn survey<T: CheckAll + DeserializeOwned>(mut object: Map<String, Value>, first: FieldError) -> Vec<FieldError> {
    // The first is noted even where the second reading can't see it: of a field that stands twice only one is left.
    let mut known: HashMap<String, usize> = HashMap::from([(top(&first.field).to_owned(), 0)]);
    let mut found = vec![first];
    for _ in 0..TRIES {
        // The object and back: it is lent to the deserializer.
        let whole = Value::Object(object);
        let outcome = serde_path_to_error::deserialize::<_, T>(&whole).map_err(|error| explain(&error));
        let Value::Object(back) = whole else { break };
        object = back;
        match outcome {
            Ok(input) => {
                if let Err(Error::Validation { fields }) = input.check_all() {
                    found.extend(fields.into_iter().filter(|bad| !known.contains_key(top(&bad.field))));
                }
                break;
            }
            Err(bad) => {
                let name = top(&bad.field).to_owned();
                let tried = known.entry(name.clone()).or_default();
                if bad.problem == Problem::UnknownField && bad.field == name {
                    object.remove(&name);
                } else if let Some(value) = stand_in(*tried) {
                    object.insert(name.clone(), value);
                    *tried += 1;
                } else {
                    break;
                }
                if !found.iter().any(|other| top(&other.field) == name) {
                    found.push(bad);
                }
            }
        }
    }
    found
}

/// A value that some field can be read from.
fn stand_in(number: usize) -> Option<Value> {
    [json!(null), json!(""), json!(0), json!(false), json!([]), json!({"type": "markdown", "text": ""})].into_iter().nth(number)
}

/// `content` of `content.rows[3]`.
fn top(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// What serde says, as the field it is about.
fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let words = error.inner().to_string();
    let named = |prefix: &str| words.strip_prefix(prefix).and_then(|rest| rest.split('`').next()).map(str::to_owned);
    let path = error.path().to_string();
    let below = |name: String| if path == "." { name } else { format!("{path}.{name}") };
    let (field, problem) = if let Some(name) = named("unknown field `") {
        // The path already ends with the unknown field's name.
        let known = path.rsplit('.').next() == Some(name.as_str());
        (if known { path.clone() } else { below(name) }, Problem::UnknownField)
    } else if let Some(name) = named("missing field `") {
        (below(name), Problem::Required)
    } else if let Some(name) = named("duplicate field `") {
        (below(name), Problem::Malformed)
    } else if words.starts_with("unknown variant") {
        (path, Problem::UnknownValue)
    } else {
        (path, Problem::WrongType)
    };
    FieldError { field, problem }
}

#[cfg(test)]
mod tests {
    use super::read;
    use aivalid_model::{Error, cases::CaseInput, identity::LoginInput};

    fn bad<T: aivalid_model::check::CheckAll + serde::de::DeserializeOwned>(text: &str) -> Vec<String> {
        let Err(Error::Validation { fields }) = read::<T>(text) else { panic!("{text}") };
        fields.into_iter().map(|bad| bad.field).collect()
    }

    #[test]
    fn every_mistake_is_found_whatever_its_kind() {
        assert_eq!(bad::<LoginInput>(r#"{"x": 1, "email": []}"#), ["x", "email", "password"]);
        assert_eq!(bad::<LoginInput>(r#"{"email": "a@b.co", "email": "c@d.co"}"#), ["email", "password"]);
        let text = r#"{"title": [], "content": {"type": "html"}, "bountyAmount": "5", "tags": [1, 2], "deadline": "soon", "summary": 1}"#;
        let mut fields = bad::<CaseInput>(text);
        fields.sort();
        assert_eq!(fields, ["bountyAmount", "category", "content.type", "deadline", "summary", "tags[0]", "title"]);
    }

    #[test]
    fn there_is_an_end_to_it() {
        let many: Vec<String> = (0..1000).map(|number| format!("\"f{number}\": 0")).collect();
        assert!(bad::<LoginInput>(&format!("{{{}}}", many.join(","))).len() <= super::TRIES + 1);
        let large = format!("{{\"email\": 1, \"password\": 2, \"x\": \"{}\"}}", "x".repeat(super::WORTH_IT));
        assert_eq!(bad::<LoginInput>(&large), ["email"]);
    }
}
