//! The checks of one field.

use anyhow::{Context as _, Result, ensure};
use prost_reflect::{FieldDescriptor, Kind};

use super::Scope;
use crate::names;
use crate::rules::{self, Argument, Check, FieldRules, Ignore};

/// A value in the generated code.
struct Place {
    /// An expression for the value itself, or for a reference to it.
    expression: String,
    is_reference: bool,
}

impl Place {
    fn in_self(field: &FieldDescriptor) -> Self {
        Self { expression: format!("self.{}", names::field(field.name())), is_reference: false }
    }

    fn reference(name: &str) -> Self {
        Self { expression: name.to_owned(), is_reference: true }
    }

    fn by_reference(&self) -> String {
        if self.is_reference { self.expression.clone() } else { format!("&{}", self.expression) }
    }

    fn by_value(&self) -> String {
        if self.is_reference { format!("*{}", self.expression) } else { self.expression.clone() }
    }
}

impl Scope {
    /// The checks of a field outside of oneofs; empty when there are none.
    pub(super) fn field(&self, field: &FieldDescriptor) -> Result<String> {
        let rules = rules::of_field(field)?;
        if rules.ignore == Ignore::Always {
            return Ok(String::new());
        }
        let place = Place::in_self(field);
        let body = if field.is_list() {
            self.list(field, &rules, &place)
        } else if field.is_map() {
            self.map(field, &rules, &place)?
        } else if field.supports_presence() {
            self.optional(field, &rules, &place)
        } else {
            let checks = self.single(field, &rules, &place);
            when_present(&rules, zero_tests(&field.kind(), &place), checks)
        };
        Ok(under_path(field, body))
    }

    /// The checks of a member of a oneof, for the arm in which `value` refers to it.
    pub(super) fn oneof_member(&self, field: &FieldDescriptor) -> Result<String> {
        let rules = rules::of_field(field)?;
        ensure!(
            !rules.required,
            "{} is a member of a oneof and cannot be `required`: put (buf.validate.oneof).required on the oneof",
            field.full_name()
        );
        Ok(under_path(field, self.element(field, &rules, &Place::reference("value"))))
    }

    fn optional(&self, field: &FieldDescriptor, rules: &FieldRules, place: &Place) -> String {
        let inner = self.element(field, rules, &Place::reference("value"));
        let Place { expression, .. } = place;
        match (inner.is_empty(), rules.required) {
            (true, false) => String::new(),
            (true, true) => format!("if {expression}.is_none() {{ {MISSING} }}"),
            (false, false) => format!("if let Some(value) = &{expression} {{ {inner} }}"),
            (false, true) => format!("if let Some(value) = &{expression} {{ {inner} }} else {{ {MISSING} }}"),
        }
    }

    fn list(&self, field: &FieldDescriptor, rules: &FieldRules, place: &Place) -> String {
        let default = FieldRules::default();
        let items = rules.items.as_deref().unwrap_or(&default);
        let mut checks = calls(&rules.checks, &place.by_reference(), &self.is_valid(field));
        let inner = self.element(field, items, &Place::reference("value"));
        if !inner.is_empty() {
            checks += &format!(
                "for (index, value) in {}.iter().enumerate() {{ let at = at.item(index); {inner} }}",
                place.expression
            );
        }
        when_present(rules, emptiness_tests(place), checks)
    }

    fn map(&self, field: &FieldDescriptor, rules: &FieldRules, place: &Place) -> Result<String> {
        let kind = field.kind();
        let entry = kind.as_message().context("a map without entries")?;
        let default = FieldRules::default();
        let mut checks = calls(&rules.checks, &place.by_reference(), "");
        let key_rules = rules.keys.as_deref().unwrap_or(&default);
        let keys = self.element(&entry.map_entry_key_field(), key_rules, &Place::reference("key"));
        let value_rules = rules.values.as_deref().unwrap_or(&default);
        let values = self.element(&entry.map_entry_value_field(), value_rules, &Place::reference("value"));
        let keys = if keys.is_empty() { keys } else { format!("{{ let at = at.map_key(key); {keys} }}") };
        let values = if values.is_empty() { values } else { format!("let at = at.map_value(key); {values}") };
        checks += &match (keys.is_empty(), values.is_empty()) {
            (true, true) => String::new(),
            (false, true) => format!("for key in {}.keys() {{ {keys} }}", place.expression),
            _ => format!("for (key, value) in {} {{ {keys} {values} }}", place.by_reference()),
        };
        Ok(when_present(rules, emptiness_tests(place), checks))
    }

    /// The checks of a value that is there, unless its rules say to skip them.
    fn element(&self, field: &FieldDescriptor, rules: &FieldRules, place: &Place) -> String {
        let checks = self.single(field, rules, place);
        match rules.ignore {
            Ignore::Always => String::new(),
            // A message that is there is never zero.
            Ignore::IfZeroValue if !checks.is_empty() && field.kind().as_message().is_none() => {
                let (_, is_set) = zero_tests(&field.kind(), place);
                format!("if {is_set} {{ {checks} }}")
            }
            _ => checks,
        }
    }

    fn single(&self, field: &FieldDescriptor, rules: &FieldRules, place: &Place) -> String {
        let kind = field.kind();
        if let Kind::Message(message) = &kind {
            return if self.with_checks.contains(message.full_name()) {
                format!("{}.validate_at(&at, violations);", place.expression)
            } else {
                String::new()
            };
        }
        let value = match kind {
            Kind::String | Kind::Bytes => place.by_reference(),
            _ => place.by_value(),
        };
        calls(&rules.checks, &value, &self.is_valid(field))
    }

    /// The function that tells whether a number is a value of the field's enum.
    fn is_valid(&self, field: &FieldDescriptor) -> String {
        match field.kind() {
            Kind::Enum(enumeration) => format!("{}::{}::is_valid", self.module, names::enumeration(&enumeration)),
            _ => String::new(),
        }
    }
}

const MISSING: &str = "presence::missing(&at, violations);";

fn calls(checks: &[Check], value: &str, is_valid: &str) -> String {
    checks
        .iter()
        .map(|Check { function, argument }| match argument {
            Argument::None => format!("{function}({value}, &at, violations);"),
            Argument::Expression(argument) => format!("{function}({value}, {argument}, &at, violations);"),
            Argument::DefinedValues => format!("{function}({value}, {is_valid}, &at, violations);"),
            Argument::Pattern(source) => format!(
                "static PATTERN: string::Pattern = string::Pattern::new({source:?}); {function}({value}, &PATTERN, &at, violations);"
            ),
        })
        .collect()
}

/// Wraps the checks of a field that has no presence of its own: what is zero or empty counts as not set.
fn when_present(rules: &FieldRules, (is_zero, is_set): (String, String), checks: String) -> String {
    match (rules.required, checks.is_empty()) {
        (true, true) => format!("if {is_zero} {{ {MISSING} }}"),
        (true, false) => format!("if {is_zero} {{ {MISSING} }} else {{ {checks} }}"),
        (false, false) if rules.ignore == Ignore::IfZeroValue => format!("if {is_set} {{ {checks} }}"),
        (false, _) => checks,
    }
}

/// The tests whether a single value is zero (empty, false), and whether it is not.
fn zero_tests(kind: &Kind, place: &Place) -> (String, String) {
    let value = place.by_value();
    match kind {
        Kind::String | Kind::Bytes => emptiness_tests(place),
        Kind::Bool => (format!("!{value}"), value),
        Kind::Double | Kind::Float => (format!("{value} == 0.0"), format!("{value} != 0.0")),
        _ => (format!("{value} == 0"), format!("{value} != 0")),
    }
}

fn emptiness_tests(Place { expression, .. }: &Place) -> (String, String) {
    (format!("{expression}.is_empty()"), format!("!{expression}.is_empty()"))
}

/// Names the field that the checks are about; in a block of its own, so that each field has its own `at` and `PATTERN`.
fn under_path(field: &FieldDescriptor, checks: String) -> String {
    if checks.is_empty() { checks } else { format!("{{ let at = path.field({:?}); {checks} }}\n", field.name()) }
}
