//! Resource names such as `projects/web`, in requests and answers.

use analytics_domain::{ImportId, InvalidName, KeyId, ProjectName, QuarantineId};

use crate::RpcError;

/// The resource name of a project.
pub fn of_project(project: &ProjectName) -> String {
    format!("projects/{project}")
}

/// The resource name of a key.
pub fn of_key(key: &KeyId) -> String {
    format!("apiKeys/{key}")
}

/// The resource name of an import.
pub fn of_import(project: &ProjectName, import: &ImportId) -> String {
    format!("projects/{project}/imports/{}", import.as_str())
}

/// Reads `projects/PROJECT`.
///
/// # Errors
/// Names `field` when it is of another form.
pub fn project(field: &str, text: &str) -> Result<ProjectName, RpcError> {
    let id = text.strip_prefix("projects/").ok_or_else(|| form(field, "projects/PROJECT"))?;
    id.parse().map_err(|error| invalid(field, &error))
}

/// Like [`project`], for a field that may be empty.
///
/// # Errors
/// Names `field` when it is of another form.
pub fn optional_project(field: &str, text: &str) -> Result<Option<ProjectName>, RpcError> {
    if text.is_empty() {
        return Ok(None);
    }
    project(field, text).map(Some)
}

/// Reads `projects/PROJECT/imports/IMPORT`.
///
/// # Errors
/// Names `field` when it is of another form.
pub fn import(field: &str, text: &str) -> Result<(ProjectName, ImportId), RpcError> {
    let malformed = || form(field, "projects/PROJECT/imports/IMPORT");
    let (parent, id) = text.split_once("/imports/").ok_or_else(malformed)?;
    Ok((project(field, parent)?, id.parse().map_err(|error| invalid(field, &error))?))
}

/// Reads `apiKeys/KEY`.
///
/// # Errors
/// Names `field` when it is of another form.
pub fn key(field: &str, text: &str) -> Result<KeyId, RpcError> {
    let is_id = |id: &&str| {
        (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let id = text.strip_prefix("apiKeys/").filter(is_id).ok_or_else(|| form(field, "apiKeys/KEY"))?;
    Ok(KeyId(id.to_owned()))
}

/// The resource name of something in quarantine.
pub fn of_quarantined(id: QuarantineId) -> String {
    format!("quarantinedEvents/{}", id.0)
}

/// Reads `quarantinedEvents/NUMBER`.
///
/// # Errors
/// Names `field` when it is of another form.
pub fn quarantined(field: &str, text: &str) -> Result<QuarantineId, RpcError> {
    let is_plain = |number: &&str| number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    let number = text.strip_prefix("quarantinedEvents/").filter(is_plain).and_then(|number| number.parse().ok());
    number.map(QuarantineId).ok_or_else(|| form(field, "quarantinedEvents/NUMBER"))
}

fn form(field: &str, form: &str) -> RpcError {
    RpcError::invalid_field(field, format!("use the form `{form}`"))
}

fn invalid(field: &str, error: &InvalidName) -> RpcError {
    RpcError::invalid_field(field, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        let (web, june) = import("import", "projects/web/imports/june").expect("a name");
        assert_eq!(of_import(&web, &june), "projects/web/imports/june");
        assert_eq!(of_project(&project("project", "projects/web").expect("a name")), "projects/web");
        assert_eq!(of_key(&key("name", "apiKeys/k1").expect("a name")), "apiKeys/k1");
        assert_eq!(optional_project("project", ""), Ok(None));
        assert_eq!(
            of_quarantined(quarantined("names[0]", "quarantinedEvents/12").expect("a name")),
            "quarantinedEvents/12"
        );
    }

    #[test]
    fn other_forms_are_refused_by_the_name_of_their_field() {
        let refused = [
            project("project", "web").err(),
            project("project", "projects/").err(),
            project("project", "projects/a/b").err(),
            import("project", "projects/web").err(),
            import("project", "projects/web/imports/").err(),
            key("project", "apiKeys/").err(),
            key("project", "apiKeys/a-b").err(),
            quarantined("project", "quarantinedEvents/").err(),
            quarantined("project", "quarantinedEvents/012").err(),
            quarantined("project", "quarantinedEvents/+1").err(),
            quarantined("project", "quarantinedEvents/9223372036854775808").err(),
        ];
        for error in refused {
            let text = error.expect("refused").to_string();
            assert!(text.starts_with("`project`: "), "{text}");
        }
    }
}
