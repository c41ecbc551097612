//! Where the built client is: read from `Leptos.toml`, with the hashed names that the build chose.

use aivalid_app::context::{Assets, Signing};
use anyhow::{Context, Result};
use leptos::config::LeptosOptions;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The site's folder and the addresses of its parts.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder that is served.
    pub root: PathBuf,
    /// The addresses.
    pub assets: Assets,
}

impl Site {
    /// From `Leptos.toml` in the working folder (environment variables `LEPTOS_…` win). Without a built client the pages
    /// still work; they have no styles and no islands, and the log says why.
    pub fn load() -> Result<Self> {
        let file = Path::new("Leptos.toml").exists().then_some("Leptos.toml");
        let options = leptos::config::get_configuration(file).context("Leptos.toml can't be read")?.leptos_options;
        Ok(Self::find(&options))
    }

    fn find(options: &LeptosOptions) -> Self {
        let root = PathBuf::from(options.site_root.as_ref());
        let folder = options.site_pkg_dir.as_ref();
        let newest_in =
            |folder: &str, name: &str, ending: &str| newest(&root.join(folder), name, ending).map(|name| format!("/{folder}/{name}"));
        let newest = |ending: &str| newest_in(folder, &options.output_name, ending);
        let (css, js, wasm) = (newest(".css"), newest(".js"), newest(".wasm"));
        if css.is_none() || js.is_none() || wasm.is_none() {
            tracing::warn!(folder = %root.join(folder).display(), "the client is not built; run `make build`");
        }
        let assets = Assets {
            css: css.unwrap_or_default(),
            js: js.unwrap_or_default(),
            wasm: wasm.unwrap_or_default(),
            icons: "/icons.svg".to_owned(),
            signing: signing(|ending| newest_in(&format!("{folder}/{SIGNING}"), SIGNING, ending)),
        };
        Self { root, assets }
    }
}

/// The folder of the module of signing keys below the client's, and what its files' names begin with (`scripts/build`).
const SIGNING: &str = "signing";

fn signing(newest: impl Fn(&str) -> Option<String>) -> Option<Signing> {
    Some(Signing { js: newest(".js")?, wasm: newest(".wasm")? })
}

/// The youngest `name.HASH.ending` in a folder: builds leave older ones behind.
fn newest(folder: &Path, name: &str, ending: &str) -> Option<String> {
    let files = fs::read_dir(folder).ok()?.flatten().filter_map(|entry| {
        let file = entry.file_name().into_string().ok()?;
        let fits = file.starts_with(name) && file.ends_with(ending);
        fits.then(|| (entry.metadata().and_then(|meta| meta.modified()).ok(), file))
    });
    files.max().map(|(_, file)| file)
}
