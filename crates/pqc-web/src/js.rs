//! Short words for JavaScript's own values. What is looked up by name costs less code than types for all of it.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What may throw.
pub type Outcome<T = JsValue> = Result<T, JsValue>;

/// The page's window.
pub fn window() -> Outcome<web_sys::Window> {
    web_sys::window().ok_or(JsValue::UNDEFINED)
}

/// A member, unless it is missing.
pub fn get(target: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(target, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// A member that is text.
pub fn text(target: &JsValue, name: &str) -> Option<String> {
    get(target, name)?.as_string()
}

/// An object with these members.
pub fn object(members: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Ours are plain objects, which take every member.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// Calls a method.
pub fn invoke(target: &JsValue, name: &str, arguments: &[&JsValue]) -> Outcome {
    let method: Function = get(target, name).and_then(|method| method.dyn_into().ok()).ok_or(JsValue::UNDEFINED)?;
    method.apply(target, &arguments.iter().copied().collect::<Array>())
}

/// Calls a method, and waits where it promises something.
pub async fn call(target: &JsValue, name: &str, arguments: &[&JsValue]) -> Outcome {
    JsFuture::from(Promise::resolve(&invoke(target, name, arguments)?)).await
}

/// An error of ours, in the form of the API's.
pub fn problem(code: &str) -> JsValue {
    object(&[("code", &code.into())])
}

/// `crypto.subtle`; missing where the page did not come over a safe connection.
pub fn subtle() -> Outcome {
    get(&crypto()?, "subtle").ok_or(JsValue::UNDEFINED)
}

fn crypto() -> Outcome {
    let window: JsValue = window()?.into();
    get(&window, "crypto").ok_or(JsValue::UNDEFINED)
}

/// Random bytes of the browser's own generator.
pub fn random<const N: usize>() -> Outcome<[u8; N]> {
    let bytes = Uint8Array::new_with_length(u32::try_from(N).unwrap_or(u32::MAX));
    invoke(&crypto()?, "getRandomValues", &[&bytes])?;
    let mut out = [0; N];
    bytes.copy_to(&mut out);
    bytes.fill(0, 0, bytes.length());
    Ok(out)
}
