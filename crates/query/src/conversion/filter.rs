//! The filter tree.

use analytics_domain::{Condition, Dimension, DimensionField, Filter, FilterTest, PropertyValue};
use analytics_proto::v1::{self, condition, dimension, filter, property_value};

use super::InvalidField;

/// The contract's limits of a tree: enough for every page of filters a person makes, small enough to be evaluated at once.
const MAX_NODES: usize = 100;
const MAX_DEPTH: usize = 10;

/// Takes a filter tree out of the contract. `path` is where it stands in the request.
pub(crate) fn filter_of(filter: v1::Filter, path: &str) -> Result<Filter, InvalidField> {
    let mut nodes = 0;
    Walk { nodes: &mut nodes, inside_actor_did: false }.filter(filter, path, 1)
}

struct Walk<'a> {
    nodes: &'a mut usize,
    inside_actor_did: bool,
}

impl Walk<'_> {
    fn filter(&mut self, filter: v1::Filter, path: &str, depth: usize) -> Result<Filter, InvalidField> {
        *self.nodes += 1;
        if *self.nodes > MAX_NODES || depth > MAX_DEPTH {
            let description = format!("the filter is too large: at most {MAX_NODES} nodes, {MAX_DEPTH} levels deep");
            return Err(InvalidField::new(path, description));
        }
        match filter.node {
            None => Err(InvalidField::new(path, "must say what has to hold: all, any, not, condition or actor_did")),
            Some(filter::Node::All(list)) => Ok(Filter::All(self.list(list, &format!("{path}.all"), depth)?)),
            Some(filter::Node::Any(list)) => Ok(Filter::Any(self.list(list, &format!("{path}.any"), depth)?)),
            Some(filter::Node::Not(inner)) => {
                Ok(Filter::Not(Box::new(self.filter(*inner, &format!("{path}.not"), depth + 1)?)))
            }
            Some(filter::Node::Condition(condition)) => {
                Ok(Filter::Condition(condition_of(condition, &format!("{path}.condition"))?))
            }
            Some(filter::Node::ActorDid(did)) => self.actor_did(*did, &format!("{path}.actor_did"), depth),
        }
    }

    fn list(&mut self, list: v1::FilterList, path: &str, depth: usize) -> Result<Vec<Filter>, InvalidField> {
        list.filters
            .into_iter()
            .enumerate()
            .map(|(index, filter)| self.filter(filter, &format!("{path}.filters[{index}]"), depth + 1))
            .collect()
    }

    fn actor_did(&mut self, did: v1::ActorDid, path: &str, depth: usize) -> Result<Filter, InvalidField> {
        if self.inside_actor_did {
            return Err(InvalidField::new(path, "cannot stand inside another actor_did"));
        }
        let Some(filter) = did.filter else {
            return Err(InvalidField::new(path, "must say what the actor did"));
        };
        let mut inner = Walk { nodes: self.nodes, inside_actor_did: true };
        Ok(Filter::ActorDid(Box::new(inner.filter(*filter, &format!("{path}.filter"), depth + 1)?)))
    }
}

fn condition_of(condition: v1::Condition, path: &str) -> Result<Condition, InvalidField> {
    let dimension = dimension_of(condition.dimension.unwrap_or_default(), &format!("{path}.dimension"))?;
    let value = |value: v1::PropertyValue, field: &str| {
        property_value_of(value).ok_or_else(|| {
            InvalidField::new(format!("{path}.{field}"), "must have a value; to ask for absence use `exists: false`")
        })
    };
    let test = match condition.test {
        None => return Err(InvalidField::new(path, "must say how the dimension is compared, such as `equals`")),
        Some(condition::Test::Equals(wanted)) => FilterTest::Equals(value(wanted, "equals")?),
        Some(condition::Test::NotEquals(wanted)) => FilterTest::NotEquals(value(wanted, "not_equals")?),
        Some(condition::Test::OneOf(list)) => {
            let values = list.values.into_iter().enumerate();
            let values = values.map(|(index, wanted)| value(wanted, &format!("one_of.values[{index}]")));
            FilterTest::OneOf(values.collect::<Result<_, _>>()?)
        }
        Some(condition::Test::Contains(text)) => FilterTest::Contains(text),
        Some(condition::Test::StartsWith(text)) => FilterTest::StartsWith(text),
        Some(condition::Test::MatchesWildcard(pattern)) => FilterTest::MatchesWildcard(pattern),
        Some(condition::Test::Exists(true)) => FilterTest::Exists,
        Some(condition::Test::Exists(false)) => FilterTest::Absent,
        Some(condition::Test::GreaterThan(bound)) => FilterTest::GreaterThan(bound),
        Some(condition::Test::AtLeast(bound)) => FilterTest::AtLeast(bound),
        Some(condition::Test::LessThan(bound)) => FilterTest::LessThan(bound),
        Some(condition::Test::AtMost(bound)) => FilterTest::AtMost(bound),
    };
    Ok(Condition { dimension, test })
}

/// Takes a dimension out of the contract.
pub(crate) fn dimension_of(dimension: v1::Dimension, path: &str) -> Result<Dimension, InvalidField> {
    let missing = || InvalidField::new(path, "must name a field or a property");
    match dimension.dimension {
        None => Err(missing()),
        Some(dimension::Dimension::Property(name)) => Ok(Dimension::Property(name)),
        Some(dimension::Dimension::Field(field)) => {
            let field = v1::DimensionField::try_from(field).unwrap_or_default();
            field_of(field).map(Dimension::Field).ok_or_else(missing)
        }
    }
}

fn field_of(field: v1::DimensionField) -> Option<DimensionField> {
    Some(match field {
        v1::DimensionField::Unspecified => return None,
        v1::DimensionField::Name => DimensionField::Name,
        v1::DimensionField::Kind => DimensionField::Kind,
        v1::DimensionField::Host => DimensionField::Host,
        v1::DimensionField::Page => DimensionField::Page,
        v1::DimensionField::EntryPage => DimensionField::EntryPage,
        v1::DimensionField::ExitPage => DimensionField::ExitPage,
        v1::DimensionField::Referrer => DimensionField::Referrer,
        v1::DimensionField::UtmSource => DimensionField::UtmSource,
        v1::DimensionField::UtmMedium => DimensionField::UtmMedium,
        v1::DimensionField::UtmCampaign => DimensionField::UtmCampaign,
        v1::DimensionField::UtmTerm => DimensionField::UtmTerm,
        v1::DimensionField::UtmContent => DimensionField::UtmContent,
        v1::DimensionField::Browser => DimensionField::Browser,
        v1::DimensionField::Os => DimensionField::Os,
        v1::DimensionField::Device => DimensionField::Device,
        v1::DimensionField::Language => DimensionField::Language,
        v1::DimensionField::ScreenClass => DimensionField::ScreenClass,
        v1::DimensionField::Channel => DimensionField::Channel,
        v1::DimensionField::ClickId => DimensionField::ClickId,
        v1::DimensionField::Country => DimensionField::Country,
        v1::DimensionField::Region => DimensionField::Region,
        v1::DimensionField::City => DimensionField::City,
    })
}

fn property_value_of(value: v1::PropertyValue) -> Option<PropertyValue> {
    Some(match value.value? {
        property_value::Value::StringValue(text) => PropertyValue::String(text),
        property_value::Value::NumberValue(number) => PropertyValue::Number(number),
        property_value::Value::BoolValue(truth) => PropertyValue::Bool(truth),
    })
}
