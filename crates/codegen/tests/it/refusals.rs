//! Rules that would not be enforced are errors, each naming the field.

use std::path::Path;

use analytics_codegen::{Package, generate};

/// Generates code for a package with one message of these contents.
fn error_of(body: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("bad")).unwrap();
    let text = format!(
        "syntax = \"proto3\"; package bad; import \"buf/validate/validate.proto\"; import \"google/protobuf/duration.proto\";
         enum Color {{ COLOR_UNSPECIFIED = 0; }}
         message Bad {{ {body} }}"
    );
    std::fs::write(folder.path().join("bad/bad.proto"), text).unwrap();
    let proto = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let package = Package { name: "bad".into(), root: folder.path().to_owned(), includes: vec![proto] };
    match generate(&package) {
        Ok(_) => panic!("no error for {body}"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn rules_without_a_generated_check_are_refused() {
    let unknown = "has no generated check";
    let cases = [
        ("string f = 1 [(buf.validate.field).string.email = true];", unknown),
        ("string f = 1 [(buf.validate.field).string.prefix = \"a\"];", unknown),
        ("string f = 1 [(buf.validate.field).string.const = \"a\"];", unknown),
        ("string f = 1 [(buf.validate.field).cel_expression = \"this == ''\"];", unknown),
        ("string f = 1 [(buf.validate.field).cel = {id: \"a\", expression: \"true\"}];", unknown),
        ("bool f = 1 [(buf.validate.field).bool.const = true];", "bool rules do not apply"),
        ("float f = 1 [(buf.validate.field).float.gt = 1];", "float rules do not apply"),
        ("sint32 f = 1 [(buf.validate.field).sint32.gt = 1];", "sint32 rules do not apply"),
        ("int32 f = 1 [(buf.validate.field).int32.in = 1];", unknown),
        ("double f = 1 [(buf.validate.field).double.const = 1];", unknown),
        (
            "google.protobuf.Duration f = 1 [(buf.validate.field).duration.gt = {seconds: 1}];",
            "duration rules do not apply",
        ),
        ("int32 f = 1 [(buf.validate.field).int32 = {gt: 5, lt: 1}];", unknown),
        ("repeated double f = 1 [(buf.validate.field).repeated.unique = true];", "equality"),
        ("repeated string f = 1 [(buf.validate.field).repeated.items.required = true];", "no meaning"),
        ("repeated string f = 1 [(buf.validate.field).repeated.items.string.email = true];", unknown),
        ("map<string, string> f = 1 [(buf.validate.field).map.values.string.email = true];", unknown),
        ("map<string, string> f = 1 [(buf.validate.field).map.keys.string.email = true];", unknown),
        ("oneof o { string f = 1 [(buf.validate.field).required = true]; }", "(buf.validate.oneof).required"),
    ];
    for (body, expected) in cases {
        let error = error_of(body);
        assert!(error.contains(expected) && error.contains("bad.Bad.f"), "{body} gave: {error}");
    }
}

#[test]
fn rules_that_do_not_fit_their_field_are_refused() {
    let cases = [
        ("string f = 1 [(buf.validate.field).int32.gt = 1];", "int32 rules do not apply"),
        ("repeated string f = 1 [(buf.validate.field).string.min_len = 1];", "string rules do not apply"),
        ("map<string, string> f = 1 [(buf.validate.field).map.keys.bytes.len = 1];", "bytes rules do not apply"),
        ("string f = 1 [(buf.validate.field).string.pattern = \"(\"];", "unclosed group"),
        ("Color f = 1 [(buf.validate.field).enum.not_in = 7];", "7 is no value of bad.Color"),
    ];
    for (body, expected) in cases {
        let error = error_of(body);
        assert!(error.contains(expected) && error.contains("bad.Bad.f"), "{body} gave: {error}");
    }
}

#[test]
fn rules_on_whole_messages_are_refused() {
    let error = error_of("option (buf.validate.message).cel_expression = \"true\"; string f = 1;");
    assert!(error.contains("bad.Bad has (buf.validate.message) rules"), "{error}");
}

#[test]
fn contracts_that_do_not_compile_are_refused() {
    let error = error_of("Missing f = 1;");
    assert!(error.contains("Missing"), "{error}");
}
