//! Reads `buf.validate` rules from the options of fields and oneofs. A rule that has no generated check is an error.

use anyhow::{Context as _, Result, bail, ensure};
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, OneofDescriptor, ReflectMessage as _, Value,
};

/// The rules of a field, or of the items, keys or values in it.
#[derive(Debug, Default)]
pub(crate) struct FieldRules {
    pub(crate) required: bool,
    pub(crate) ignore: Ignore,
    pub(crate) checks: Vec<Check>,
    pub(crate) items: Option<Box<FieldRules>>,
    pub(crate) keys: Option<Box<FieldRules>>,
    pub(crate) values: Option<Box<FieldRules>>,
}

/// When rules are skipped, besides when a field that tracks presence is unset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ignore {
    #[default]
    Never,
    IfZeroValue,
    /// Not even the message in the field is checked.
    Always,
}

/// One call of a function in `analytics_proto::validation`.
#[derive(Debug)]
pub(crate) struct Check {
    /// The function, such as `string::max_len`.
    pub(crate) function: &'static str,
    /// What follows the checked value.
    pub(crate) argument: Argument,
}

#[derive(Debug)]
pub(crate) enum Argument {
    None,
    /// A Rust expression.
    Expression(String),
    /// The source of a regular expression.
    Pattern(String),
    /// The test whether a number is a value of the field's enum.
    DefinedValues,
}

/// The rules of a field.
pub(crate) fn of_field(field: &FieldDescriptor) -> Result<FieldRules> {
    let options = field.options();
    refuse(&options, "buf.validate.predefined", field.full_name())?;
    match extension(&options, "buf.validate.field") {
        Some(rules) => {
            let shape = if field.is_list() {
                Shape::List
            } else if field.is_map() {
                Shape::Map
            } else {
                Shape::Single
            };
            parse(&rules, field, shape).with_context(|| format!("in the rules of {}", field.full_name()))
        }
        None => Ok(FieldRules::default()),
    }
}

/// Whether one member of a oneof must be set.
pub(crate) fn oneof_is_required(oneof: &OneofDescriptor) -> bool {
    extension(&oneof.options(), "buf.validate.oneof")
        .is_some_and(|rules| rules.get_field_by_name("required").is_some_and(|value| *value == Value::Bool(true)))
}

/// Refuses rules on whole messages, which are written in an expression language.
pub(crate) fn refuse_message_rules(message: &MessageDescriptor) -> Result<()> {
    refuse(&message.options(), "buf.validate.message", message.full_name())
}

fn refuse(options: &DynamicMessage, extension_name: &str, owner: &str) -> Result<()> {
    ensure!(
        extension(options, extension_name).is_none(),
        "{owner} has ({extension_name}) rules, which have no generated check: add one, or check it by hand and drop the rule"
    );
    Ok(())
}

fn extension(options: &DynamicMessage, name: &str) -> Option<DynamicMessage> {
    let extension = options.descriptor().parent_pool().get_extension_by_name(name)?;
    if !options.has_extension(&extension) {
        return None;
    }
    options.get_extension(&extension).as_message().cloned()
}

/// How many values a place holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Single,
    List,
    Map,
}

/// Reads the rules of a field, or with `Shape::Single` of one value in it.
fn parse(rules: &DynamicMessage, field: &FieldDescriptor, shape: Shape) -> Result<FieldRules> {
    let mut parsed = FieldRules::default();
    for (rule, value) in rules.fields() {
        match (rule.name(), value) {
            ("required", Value::Bool(required)) => parsed.required = *required,
            ("ignore", Value::EnumNumber(0)) => parsed.ignore = Ignore::Never,
            ("ignore", Value::EnumNumber(1)) => parsed.ignore = Ignore::IfZeroValue,
            ("ignore", Value::EnumNumber(3)) => parsed.ignore = Ignore::Always,
            (kind, Value::Message(rules)) => {
                ensure!(kind == expected_kind(field, shape), "{kind} rules do not apply to this type of field");
                parse_kind(kind, rules, field, &mut parsed)?;
            }
            (name, _) => bail!("`{name}` has no generated check: add one to crates/codegen, or drop the rule"),
        }
    }
    Ok(parsed)
}

/// The rules that may stand on this type of field.
fn expected_kind(field: &FieldDescriptor, shape: Shape) -> &'static str {
    match (shape, field.kind()) {
        (Shape::List, _) => "repeated",
        (Shape::Map, _) => "map",
        (Shape::Single, Kind::String) => "string",
        (Shape::Single, Kind::Bytes) => "bytes",
        (Shape::Single, Kind::Enum(_)) => "enum",
        (Shape::Single, Kind::Int32) => "int32",
        (Shape::Single, Kind::Int64) => "int64",
        (Shape::Single, Kind::Uint32) => "uint32",
        (Shape::Single, Kind::Uint64) => "uint64",
        (Shape::Single, Kind::Double) => "double",
        (Shape::Single, _) => "no",
    }
}

fn parse_kind(kind: &str, rules: &DynamicMessage, field: &FieldDescriptor, parsed: &mut FieldRules) -> Result<()> {
    ensure!(rules.extensions().next().is_none(), "predefined rules have no generated check");
    if matches!(kind, "int32" | "int64" | "uint32" | "uint64" | "double") {
        refuse_outside_range(rules)?;
    }
    for (rule, value) in rules.fields() {
        match (kind, rule.name(), value) {
            ("repeated", "items", Value::Message(rules)) => parsed.items = Some(element(rules, field)?),
            ("map", "keys", Value::Message(rules)) => {
                parsed.keys = Some(element(rules, &map_entry(field)?.map_entry_key_field())?);
            }
            ("map", "values", Value::Message(rules)) => {
                parsed.values = Some(element(rules, &map_entry(field)?.map_entry_value_field())?);
            }
            // A switch that is off is no rule.
            (_, "uuid" | "unique" | "defined_only" | "finite", Value::Bool(false)) => {}
            (_, name, value) => {
                let (function, argument) = check(kind, name, value, field)?;
                parsed.checks.push(Check { function, argument });
            }
        }
    }
    Ok(())
}

fn element(rules: &DynamicMessage, field: &FieldDescriptor) -> Result<Box<FieldRules>> {
    let rules = parse(rules, field, Shape::Single)?;
    ensure!(!rules.required, "`required` has no meaning for what stands in a list or a map");
    Ok(Box::new(rules))
}

fn map_entry(field: &FieldDescriptor) -> Result<MessageDescriptor> {
    field.kind().as_message().cloned().context("a map without entries")
}

/// The function that checks a rule, and its argument.
fn check(kind: &str, name: &str, value: &Value, field: &FieldDescriptor) -> Result<(&'static str, Argument)> {
    Ok(match (kind, name, value) {
        ("string", "min_len", Value::U64(limit)) => ("string::min_len", number(limit)),
        ("string", "max_len", Value::U64(limit)) => ("string::max_len", number(limit)),
        ("string", "min_bytes", Value::U64(limit)) => ("string::min_bytes", number(limit)),
        ("string", "max_bytes", Value::U64(limit)) => ("string::max_bytes", number(limit)),
        ("string", "pattern", Value::String(source)) => {
            regex::Regex::new(source)?;
            ("string::pattern", Argument::Pattern(source.clone()))
        }
        ("string", "uuid", Value::Bool(true)) => ("string::uuid", Argument::None),
        ("string", "in", Value::List(texts)) => {
            let texts: Vec<_> = texts.iter().filter_map(Value::as_str).collect();
            ("string::one_of", Argument::Expression(format!("&{texts:?}")))
        }
        ("bytes", "len", Value::U64(exact)) => ("bytes::len", number(exact)),
        ("bytes", "min_len", Value::U64(limit)) => ("bytes::min_len", number(limit)),
        ("bytes", "max_len", Value::U64(limit)) => ("bytes::max_len", number(limit)),
        ("repeated", "min_items", Value::U64(limit)) => ("repeated::min_items", number(limit)),
        ("repeated", "max_items", Value::U64(limit)) => ("repeated::max_items", number(limit)),
        ("repeated", "unique", Value::Bool(true)) => {
            let has_equality = !matches!(field.kind(), Kind::Message(_) | Kind::Double | Kind::Float);
            ensure!(has_equality, "`unique` needs items that can be compared for equality");
            ("repeated::unique", Argument::None)
        }
        ("map", "min_pairs", Value::U64(limit)) => ("map::min_pairs", number(limit)),
        ("map", "max_pairs", Value::U64(limit)) => ("map::max_pairs", number(limit)),
        ("enum", "defined_only", Value::Bool(true)) => ("enumeration::defined_only", Argument::DefinedValues),
        ("enum", "in", Value::List(numbers)) => ("enumeration::one_of", named_values(numbers, field)?),
        ("enum", "not_in", Value::List(numbers)) => ("enumeration::none_of", named_values(numbers, field)?),
        ("double", "finite", Value::Bool(true)) => ("number::finite", Argument::None),
        ("int32" | "int64" | "uint32" | "uint64" | "double", "gt", limit) => ("number::gt", number_of(limit)?),
        ("int32" | "int64" | "uint32" | "uint64" | "double", "gte", limit) => ("number::gte", number_of(limit)?),
        ("int32" | "int64" | "uint32" | "uint64" | "double", "lt", limit) => ("number::lt", number_of(limit)?),
        ("int32" | "int64" | "uint32" | "uint64" | "double", "lte", limit) => ("number::lte", number_of(limit)?),
        _ => bail!("`{kind}.{name}` has no generated check: add one to crates/codegen, or drop the rule"),
    })
}

fn number(limit: &u64) -> Argument {
    Argument::Expression(limit.to_string())
}

fn number_of(limit: &Value) -> Result<Argument> {
    Ok(Argument::Expression(match limit {
        Value::I32(limit) => limit.to_string(),
        Value::I64(limit) => limit.to_string(),
        Value::U32(limit) => limit.to_string(),
        Value::U64(limit) => limit.to_string(),
        Value::F64(limit) if limit.is_finite() => format!("{limit:?}"),
        _ => bail!("{limit:?} is no limit for a number"),
    }))
}

/// A lower bound above the upper one means "outside of both", which has no generated check.
fn refuse_outside_range(rules: &DynamicMessage) -> Result<()> {
    let bound = |names: [&str; 2]| {
        let rule = rules.fields().find(|(rule, _)| names.contains(&rule.name()))?;
        match rule.1 {
            Value::I32(bound) => Some(f64::from(*bound)),
            Value::I64(bound) => Some(*bound as f64),
            Value::U32(bound) => Some(f64::from(*bound)),
            Value::U64(bound) => Some(*bound as f64),
            Value::F64(bound) => Some(*bound),
            _ => None,
        }
    };
    if let (Some(lower), Some(upper)) = (bound(["gt", "gte"]), bound(["lt", "lte"])) {
        ensure!(lower <= upper, "a lower bound above the upper one has no generated check");
    }
    Ok(())
}

fn named_values(numbers: &[Value], field: &FieldDescriptor) -> Result<Argument> {
    let kind = field.kind();
    let enumeration = kind.as_enum().context("an enum rule on another type")?;
    let mut values = Vec::new();
    for number in numbers {
        let number = number.as_i32().context("an enum value that is no number")?;
        let value = enumeration
            .get_value(number)
            .with_context(|| format!("{number} is no value of {}", enumeration.full_name()))?;
        values.push((number, value.name().to_owned()));
    }
    Ok(Argument::Expression(format!("&{values:?}")))
}
