//! What runs inside Redis, so that each call is one step for all collectors.

use std::sync::LazyLock;

use analytics_domain::running_session::SESSION_CAP;
use redis::Script;

/// Sessions go so much after their nonce when no sweep destroys them before. A sweep frees a large hash in the background; the
/// server's own clearing away may block it.
const SWEEP_GRACE_MS: u32 = 2 * 60 * 1000;

/// Refused as a whole when the server has no memory left or takes no writes.
pub(super) static ASSIGN_LIVE: LazyLock<Script> =
    LazyLock::new(|| script("", concat!(include_str!("scripts/assign_live.lua"), include_str!("scripts/assign.lua"))));
pub(super) static ASSIGN_IMPORT: LazyLock<Script> = LazyLock::new(|| {
    script("", concat!(include_str!("scripts/assign_import.lua"), include_str!("scripts/assign.lua")))
});
pub(super) static NONCE_LIVE: LazyLock<Script> = LazyLock::new(|| script("", include_str!("scripts/nonce_live.lua")));
pub(super) static NONCE_IMPORT: LazyLock<Script> =
    LazyLock::new(|| script("", include_str!("scripts/nonce_import.lua")));
pub(super) static OPEN_IMPORT: LazyLock<Script> = LazyLock::new(|| script("", include_str!("scripts/open_import.lua")));
pub(super) static TOUCH_IMPORT: LazyLock<Script> =
    LazyLock::new(|| script("", include_str!("scripts/touch_import.lua")));
pub(super) static PUBLISH_IMPORT: LazyLock<Script> =
    LazyLock::new(|| script("", include_str!("scripts/publish_import.lua")));
/// Asked by whoever forgets.
pub(super) static EPOCH: LazyLock<Script> =
    LazyLock::new(|| script(" flags=allow-oom", include_str!("scripts/epoch.lua")));
/// A server without memory must still forget.
pub(super) static DESTROY_DUE: LazyLock<Script> =
    LazyLock::new(|| script(" flags=allow-oom", include_str!("scripts/destroy_due.lua")));
/// Does nothing, and is refused exactly when the others would be.
pub(super) static PROBE: LazyLock<Script> = LazyLock::new(|| script("", "return 1"));

fn script(flags: &str, body: &str) -> Script {
    let session_cap_ms = SESSION_CAP.0;
    Script::new(&format!(
        "#!lua{flags}\n\
         local SESSION_CAP_MS, SWEEP_GRACE_MS = {session_cap_ms}, {SWEEP_GRACE_MS}\n\
         {body}"
    ))
}
