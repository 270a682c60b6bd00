//! Checks of messages inside of messages.

use crate::assert_violations;
use crate::v1::tree::{Label, Mark, Node};
use crate::v1::{Child, Color, Forest, Nesting, Tree, nesting::Inner};
use crate::validation::{MAX_VIOLATIONS, Validate as _};

const EMPTY: &str = "is empty; it needs at least 1 character: set it";
const TOO_LONG: &str = "has 4 characters; at most 3 are allowed: shorten it";

fn bad() -> Child {
    Child::default()
}

fn valid() -> Nesting {
    Nesting { required_child: Some(Child { name: "x".into() }), ..Nesting::default() }
}

fn tree(node: Node) -> Tree {
    Tree { node: Some(node), label: None, mark: Some(Mark::Left(false)) }
}

#[test]
fn messages_inside_are_checked_unless_ignored() {
    let message = Nesting {
        child: Some(bad()),
        required_child: None,
        ignored_child: Some(bad()),
        children: vec![Child { name: "x".into() }, bad()],
        ignored_children: vec![bad(), bad(), bad()],
        named_children: [("a b".into(), bad())].into(),
        ignored_named_children: [("c".into(), bad())].into(),
        inner: Some(Inner { r#type: "ab".into(), shade: 7 }),
        ..Nesting::default()
    };
    assert_violations(
        &message,
        &[
            ("child.name", EMPTY),
            ("required_child", "is required: set it"),
            ("children[1].name", EMPTY),
            ("ignored_children", "has 3 items; at most 2 are allowed: send fewer"),
            (r#"named_children["a b"].name"#, EMPTY),
            ("inner.type", "has 2 characters; at most 1 are allowed: shorten it"),
            ("inner.shade", "is 7, which this server does not know: send a value of the contract"),
        ],
    );
    assert_violations(&valid(), &[]);
    let message = Nesting { required_child: Some(bad()), ..valid() };
    assert_violations(&message, &[("required_child.name", EMPTY)]);
}

#[test]
fn a_recursive_type_is_checked_to_its_leaves() {
    let leaf = |text: &str| tree(Node::Leaf(text.into()));
    let message = Nesting {
        tree: Some(tree(Node::All(Forest {
            trees: vec![leaf("abc"), tree(Node::Not(Box::new(leaf("abcd")))), tree(Node::Anything(false))],
        }))),
        ..valid()
    };
    assert_violations(&message, &[("tree.all.trees[1].not.leaf", TOO_LONG)]);
}

#[test]
fn a_required_oneof_wants_one_of_its_members() {
    assert_violations(
        &Tree::default(),
        &[
            ("node", "is required: set one of all, not, leaf, anything"),
            ("mark", "is required: set one of left, right"),
        ],
    );
}

#[test]
fn members_of_an_optional_oneof_are_checked_when_set() {
    let with_label = |label| Tree { label: Some(label), ..tree(Node::Anything(true)) };
    assert_violations(&with_label(Label::ShortLabel("abcd".into())), &[("short_label", TOO_LONG)]);
    assert_violations(&with_label(Label::ShortLabel("abc".into())), &[]);
    assert_violations(&with_label(Label::ColorLabel(Color::Unspecified.into())), &[]);
    let wrong_color = "is not an allowed value: send one of COLOR_BLUE";
    assert_violations(&with_label(Label::ColorLabel(Color::Red.into())), &[("color_label", wrong_color)]);
}

#[test]
fn violations_are_told_up_to_a_number() {
    let message = Nesting { children: vec![bad(); MAX_VIOLATIONS + 1], ..valid() };
    let violations = message.validate();
    assert_eq!(violations.len(), MAX_VIOLATIONS);
    assert_eq!(violations[MAX_VIOLATIONS - 1].field, format!("children[{}].name", MAX_VIOLATIONS - 1));
}
