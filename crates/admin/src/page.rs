//! Pages of lists. A token is opaque to callers and good only for the list that gave it out: another filter or another reach makes
//! another list. The size of the page may change on the way.

use analytics_domain::ProjectId;
use analytics_rpc::RpcError;
use sha2::{Digest as _, Sha256};

const FINGERPRINT_BYTES: usize = 8;

/// Some items of a list, and the token for the next ones; empty on the last page.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: String,
}

/// A list that is handed out in pages.
pub(crate) struct List {
    fingerprint: [u8; FINGERPRINT_BYTES],
}

impl List {
    /// All projects, or the one that the key belongs to.
    pub(crate) fn projects(reach: Option<ProjectId>) -> Self {
        Self::named("projects", reach)
    }

    /// The keys of one project, or of all.
    pub(crate) fn keys(project: Option<ProjectId>) -> Self {
        Self::named("keys", project)
    }

    /// What is in quarantine of one project, or of all and of none.
    pub(crate) fn quarantine(project: Option<ProjectId>) -> Self {
        Self::named("quarantine", project)
    }

    fn named(what: &str, project: Option<ProjectId>) -> Self {
        let project = project.map_or_else(|| "all".to_owned(), |project| project.0.to_string());
        let digest = Sha256::digest(format!("{what} of {project}"));
        Self { fingerprint: std::array::from_fn(|index| digest[index]) }
    }

    /// The page of `items`, of which one more than `size` was asked for if there is one.
    pub(crate) fn page<T>(&self, mut items: Vec<T>, size: usize, name_of: impl Fn(&T) -> String) -> Page<T> {
        let more = items.len() > size;
        items.truncate(size);
        let next_token = match items.last() {
            Some(last) if more => self.token(&name_of(last)),
            _ => String::new(),
        };
        Page { items, next_token }
    }

    /// The name of the last item before the page that the token stands for; none for the first page.
    ///
    /// # Errors
    /// When it is no token of this list.
    pub(crate) fn read(&self, token: &str) -> Result<Option<String>, RpcError> {
        if token.is_empty() {
            return Ok(None);
        }
        let name = bytes_of(token).and_then(|bytes| {
            let name = bytes.strip_prefix(&self.fingerprint)?;
            String::from_utf8(name.to_vec()).ok()
        });
        let refusal =
            "is no token of this list: send the `next_page_token` of the page before with the same filter, or none";
        name.map(Some).ok_or_else(|| RpcError::invalid_field("page_token", refusal))
    }

    fn token(&self, name: &str) -> String {
        self.fingerprint.iter().chain(name.as_bytes()).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_list_only() {
        let web = List::keys(Some(ProjectId(1)));
        let page = web.page(vec!["a", "b", "c"], 2, |name| (*name).to_owned());
        assert_eq!(page.items, ["a", "b"]);
        assert_eq!(web.read(&page.next_token), Ok(Some("b".to_owned())));
        for other in [List::keys(Some(ProjectId(2))), List::keys(None), List::projects(Some(ProjectId(1)))] {
            assert!(other.read(&page.next_token).is_err());
        }
        assert!(web.page(vec!["a", "b"], 2, |name| (*name).to_owned()).next_token.is_empty());
        assert_eq!(web.read(""), Ok(None));
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in ["x", "abc", "zz", "+1", "é1", "0123456789abcdef00"] {
            let error = List::keys(None).read(text).expect_err(text);
            assert!(error.to_string().starts_with("`page_token`: "), "{error}");
        }
    }
}
