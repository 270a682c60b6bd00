//! The Rust names that prost gives to proto names.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use prost_reflect::{FieldDescriptor, MessageDescriptor, OneofDescriptor};

/// The path of a message's type below the package's module, such as `outer::Inner`.
pub(crate) fn message(message: &MessageDescriptor) -> String {
    match message.parent_message() {
        Some(parent) => format!("{}{}", module(&parent), type_name(message.name())),
        None => type_name(message.name()),
    }
}

/// The name of a field, or of a oneof, in its struct.
pub(crate) fn field(name: &str) -> String {
    escape(name.to_snake_case())
}

/// The path of the variant that holds a member of a oneof.
pub(crate) fn oneof_variant(oneof: &OneofDescriptor, member: &FieldDescriptor) -> String {
    let parent = oneof.parent_message();
    format!("{}{}::{}", module(parent), type_name(oneof.name()), type_name(member.name()))
}

/// The path of an enum's type below the package's module.
pub(crate) fn enumeration(enumeration: &prost_reflect::EnumDescriptor) -> String {
    let name = type_name(enumeration.name());
    match enumeration.parent_message() {
        Some(parent) => format!("{}{name}", module(&parent)),
        None => name,
    }
}

/// The module of a message's nested types with its trailing `::`.
fn module(message: &MessageDescriptor) -> String {
    let name = escape(message.name().to_snake_case());
    match message.parent_message() {
        Some(parent) => format!("{}{name}::", module(&parent)),
        None => format!("{name}::"),
    }
}

fn type_name(name: &str) -> String {
    escape(name.to_upper_camel_case())
}

fn escape(name: String) -> String {
    match name.as_str() {
        "self" | "super" | "crate" | "extern" | "Self" => format!("{name}_"),
        name_ if syn::parse_str::<syn::Ident>(name_).is_ok() => name,
        _ => format!("r#{name}"),
    }
}
