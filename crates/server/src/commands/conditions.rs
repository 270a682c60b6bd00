//! Conditions and dimensions as they are typed: `page^=/blog/`, `property.price>=10`, `!referrer?`.

use analytics_proto::v1::{self, condition::Test, dimension, filter, property_value};
use anyhow::{Context, anyhow, bail};

/// The operators, longer ones first where one begins another.
const OPERATORS: [&str; 9] = ["!=", "^=", "*=", "=~", ">=", "<=", "=", ">", "<"];

/// One condition.
pub(crate) fn condition_of(text: &str) -> anyhow::Result<v1::Filter> {
    let condition = exists_of(text).or_else(|| comparison_of(text)).ok_or_else(|| {
        anyhow!("--where `{text}`: write DIMENSION and one of = != ^= *= =~ > >= < <= and a value, or DIMENSION?, or !DIMENSION?")
    })?;
    let condition = condition.with_context(|| format!("--where `{text}`"))?;
    Ok(v1::Filter { node: Some(filter::Node::Condition(condition)) })
}

/// All conditions and the filter, as one tree; none when nothing was asked.
pub(crate) fn all_of(mut filters: Vec<v1::Filter>) -> Option<v1::Filter> {
    match filters.len() {
        0 | 1 => filters.pop(),
        _ => Some(v1::Filter { node: Some(filter::Node::All(v1::FilterList { filters })) }),
    }
}

fn exists_of(text: &str) -> Option<anyhow::Result<v1::Condition>> {
    let name = text.strip_suffix('?')?;
    // `page=/search?` compares; only a bare name asks for existence.
    if OPERATORS.iter().any(|operator| name.trim_start_matches('!').contains(operator)) {
        return None;
    }
    let (name, exists) = name.strip_prefix('!').map_or((name, true), |name| (name, false));
    Some(
        dimension_of(name)
            .map(|dimension| v1::Condition { dimension: Some(dimension), test: Some(Test::Exists(exists)) }),
    )
}

fn comparison_of(text: &str) -> Option<anyhow::Result<v1::Condition>> {
    let at = text.find(['=', '!', '^', '*', '>', '<'])?;
    let (name, rest) = text.split_at(at);
    let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))?;
    let value = rest.strip_prefix(operator)?;
    Some(compare(name, operator, value))
}

fn compare(name: &str, operator: &str, value: &str) -> anyhow::Result<v1::Condition> {
    let dimension = dimension_of(name)?;
    let is_property = matches!(dimension.dimension, Some(dimension::Dimension::Property(_)));
    let number =
        || value.parse::<f64>().with_context(|| format!("`{value}` is no number, and {operator} compares numbers"));
    let text = || value.to_owned();
    let test = match operator {
        "=" => Test::Equals(value_of(value, is_property)),
        "!=" => Test::NotEquals(value_of(value, is_property)),
        "^=" => Test::StartsWith(text()),
        "*=" => Test::Contains(text()),
        "=~" => Test::MatchesWildcard(text()),
        ">" => Test::GreaterThan(number()?),
        ">=" => Test::AtLeast(number()?),
        "<" => Test::LessThan(number()?),
        _ => Test::AtMost(number()?),
    };
    Ok(v1::Condition { dimension: Some(dimension), test: Some(test) })
}

/// Properties have types: `10` is a number, `true` a truth, `"10"` and all else text. Other dimensions are always text.
fn value_of(text: &str, is_property: bool) -> v1::PropertyValue {
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let value = match (quoted, is_property) {
        (Some(quoted), _) => property_value::Value::StringValue(quoted.to_owned()),
        (None, true) => match (text.parse::<bool>(), text.parse::<f64>()) {
            (Ok(truth), _) => property_value::Value::BoolValue(truth),
            (_, Ok(number)) if number.is_finite() => property_value::Value::NumberValue(number),
            _ => property_value::Value::StringValue(text.to_owned()),
        },
        (None, false) => property_value::Value::StringValue(text.to_owned()),
    };
    v1::PropertyValue { value: Some(value) }
}

/// A dimension by its name.
pub(crate) fn dimension_of(name: &str) -> anyhow::Result<v1::Dimension> {
    if let Some(property) = name.strip_prefix("property.") {
        return Ok(v1::Dimension { dimension: Some(dimension::Dimension::Property(property.to_owned())) });
    }
    let full_name = format!("DIMENSION_FIELD_{}", name.to_uppercase());
    match v1::DimensionField::from_str_name(&full_name) {
        Some(field) if field != v1::DimensionField::Unspecified => {
            Ok(v1::Dimension { dimension: Some(dimension::Dimension::Field(field.into())) })
        }
        _ => bail!(
            "`{name}` is no dimension: use {} or property.NAME",
            names(1.., v1::DimensionField::try_from, |field| field.as_str_name(), "DIMENSION_FIELD_")
        ),
    }
}

/// A metric by its name.
pub(crate) fn metric_of(name: &str) -> anyhow::Result<v1::Metric> {
    let full_name = format!("METRIC_KIND_{}", name.to_uppercase());
    match v1::MetricKind::from_str_name(&full_name) {
        Some(kind) if kind != v1::MetricKind::Unspecified => Ok(v1::Metric { kind: kind.into() }),
        _ => bail!(
            "`{name}` is no metric: use {}",
            names(1.., v1::MetricKind::try_from, |kind| kind.as_str_name(), "METRIC_KIND_")
        ),
    }
}

/// The names of an enumeration of the contract, as they are typed.
fn names<T, E>(
    numbers: impl IntoIterator<Item = i32>,
    value_of: impl Fn(i32) -> Result<T, E>,
    name_of: impl Fn(&T) -> &'static str,
    prefix: &str,
) -> String {
    let values = numbers.into_iter().map_while(|number| value_of(number).ok());
    values.map(|value| name_of(&value).trim_start_matches(prefix).to_lowercase()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(text: &str) -> v1::Condition {
        match condition_of(text).expect("a condition").node {
            Some(filter::Node::Condition(condition)) => condition,
            other => panic!("{text} became {other:?}"),
        }
    }

    #[test]
    fn each_operator_becomes_its_test() {
        let text = |text: &str| v1::PropertyValue { value: Some(property_value::Value::StringValue(text.to_owned())) };
        let cases = [
            ("page=/a", Test::Equals(text("/a"))),
            ("page!=/a", Test::NotEquals(text("/a"))),
            ("page^=/blog/", Test::StartsWith("/blog/".to_owned())),
            ("referrer*=google", Test::Contains("google".to_owned())),
            ("page=~/blog/*/x", Test::MatchesWildcard("/blog/*/x".to_owned())),
            ("referrer?", Test::Exists(true)),
            ("!referrer?", Test::Exists(false)),
            ("page=/search?", Test::Equals(text("/search?"))),
            ("property.price>=10", Test::AtLeast(10.0)),
            ("property.price<10", Test::LessThan(10.0)),
            ("name=1", Test::Equals(text("1"))),
            ("property.n=\"1\"", Test::Equals(text("1"))),
        ];
        for (typed, test) in cases {
            assert_eq!(condition(typed).test, Some(test), "{typed}");
        }
    }

    #[test]
    fn properties_have_types() {
        let value = |typed: &str| match condition(typed).test {
            Some(Test::Equals(value)) => value.value,
            other => panic!("{other:?}"),
        };
        assert_eq!(value("property.n=1"), Some(property_value::Value::NumberValue(1.0)));
        assert_eq!(value("property.n=true"), Some(property_value::Value::BoolValue(true)));
        assert_eq!(value("property.n=one"), Some(property_value::Value::StringValue("one".to_owned())));
    }

    #[test]
    fn what_cannot_be_read_says_what_can() {
        assert!(condition_of("nothing").expect_err("no operator").to_string().contains("write DIMENSION"));
        let unknown = format!("{:#}", condition_of("colour=red").expect_err("no dimension"));
        assert!(unknown.contains("`colour` is no dimension: use name, kind,"), "{unknown}");
        assert!(unknown.contains("city or property.NAME"), "{unknown}");
        let number = format!("{:#}", condition_of("property.price>much").expect_err("no number"));
        assert!(number.contains("`much` is no number"), "{number}");
        assert!(metric_of("clicks").expect_err("no metric").to_string().contains("bounce_rate"));
    }
}
