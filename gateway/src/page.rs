//! The web page: a handful of files, held in memory.

mod files;
mod respond;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use tower_http::compression::CompressionLayer;

pub use files::Page;
pub(crate) use respond::not_found;

/// Serves the page's files by their paths.
pub(crate) fn router(page: Page) -> Router {
    Router::new()
        .fallback(serve)
        .with_state(page)
        // Around the page alone: an answer of a call must not wait for a compressor to fill its buffer.
        .layer(CompressionLayer::new())
}

async fn serve(State(page): State<Page>, request: Request) -> Response {
    respond::respond(&page, &request)
}
