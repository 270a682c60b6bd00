//! The files of the page.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;

/// What `npm run build` made when this program was built: nothing, if it was not run.
#[derive(rust_embed::Embed)]
#[folder = "dashboard/dist"]
struct Embedded;

/// The page that starts at `/`. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Page(Arc<BTreeMap<String, File>>);

#[derive(Debug)]
pub(super) struct File {
    pub(super) content: Bytes,
    pub(super) content_type: &'static str,
    /// Weak, because the file also leaves compressed.
    pub(super) entity_tag: HeaderValue,
}

impl Page {
    /// The page that was built into this program; without files when it was built without Node.
    pub fn embedded() -> Self {
        Self::from_files(Embedded::iter().filter_map(|path| {
            let content = Embedded::get(&path)?.data;
            Some((path.into_owned(), Bytes::from(content.into_owned())))
        }))
    }

    /// A page of these files, by their paths such as `index.html` and `assets/app-4f2a.js`.
    pub fn from_files(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let files = files.into_iter().map(|(path, content)| {
            let file = File { content_type: content_type(&path), entity_tag: entity_tag(&content), content };
            (path, file)
        });
        Self(Arc::new(files.collect()))
    }

    /// The file at a request's path, which starts with `/`. The empty name is `index.html`.
    pub(super) fn file(&self, request_path: &str) -> Option<&File> {
        match request_path.strip_prefix('/')? {
            "" => self.0.get("index.html"),
            path => self.0.get(path),
        }
    }
}

fn entity_tag(content: &[u8]) -> HeaderValue {
    let hash: String = blake3::hash(content).to_hex().chars().take(32).collect();
    HeaderValue::from_str(&format!("W/\"{hash}\"")).expect("hexadecimal digits are allowed in a header")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
