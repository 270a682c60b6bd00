use std::cmp::Ordering;

use analytics_domain::PropertyValue;
use analytics_segment::ValueRef;
use foldhash::HashMap;

use crate::combinations::{CodeTuple, Combinations, MAX_DIMENSIONS};

/// Numbers the combinations of values that any day has: the rows of a breakdown.
#[derive(Default)]
pub(crate) struct Rows {
    values: [Values; MAX_DIMENSIONS],
    dimension_count: usize,
    numbers: HashMap<CodeTuple, u32>,
    tuples: Vec<CodeTuple>,
}

/// Numbers the values of one dimension over all days; 0 is absent.
#[derive(Default)]
struct Values {
    texts: HashMap<Box<str>, u32>,
    numbers: HashMap<u64, u32>,
    bools: [Option<u32>; 2],
    all: Vec<PropertyValue>,
}

impl Values {
    fn number(&mut self, value: ValueRef<'_>) -> u32 {
        let next = self.all.len() as u32 + 1;
        let number = match value {
            ValueRef::Text(text) => match self.texts.get(text) {
                Some(number) => *number,
                None => *self.texts.entry(text.into()).or_insert(next),
            },
            ValueRef::Number(number) => *self.numbers.entry(number.to_bits()).or_insert(next),
            ValueRef::Bool(truth) => *self.bools[usize::from(truth)].get_or_insert(next),
        };
        if number == next {
            self.all.push(value.to_value());
        }
        number
    }

    fn value(&self, number: u32) -> Option<&PropertyValue> {
        self.all.get((number as usize).checked_sub(1)?)
    }
}

impl Rows {
    pub(crate) fn new(dimension_count: usize) -> Self {
        Self { dimension_count, ..Self::default() }
    }

    /// A function from the combinations of a day to rows.
    pub(crate) fn of_day<'a>(&'a mut self, combinations: &'a Combinations<'_>) -> impl FnMut(u32) -> usize + 'a {
        let unknown = |dimension: &crate::dimension::DimensionCodes<'_>| vec![u32::MAX; dimension.code_count()];
        let mut known: Vec<Vec<u32>> = combinations.dimensions().iter().map(unknown).collect();
        move |number| {
            let mut tuple = combinations.tuple(number);
            for (place, dimension) in combinations.dimensions().iter().enumerate() {
                let code = tuple[place] as usize;
                let value = &mut known[place][code];
                if *value == u32::MAX {
                    let text = code.checked_sub(1).zip(dimension.dictionary());
                    *value = text.map_or(0, |(index, dictionary)| self.values[place].number(dictionary.value(index)));
                }
                tuple[place] = *value;
            }
            self.number(tuple)
        }
    }

    fn number(&mut self, tuple: CodeTuple) -> usize {
        if self.dimension_count == 1 {
            return tuple[0] as usize;
        }
        let next = self.tuples.len() as u32;
        let number = *self.numbers.entry(tuple).or_insert(next);
        if number == next {
            self.tuples.push(tuple);
        }
        number as usize
    }

    fn tuple(&self, row: usize) -> CodeTuple {
        if self.dimension_count == 1 { [row as u32, 0, 0] } else { self.tuples[row] }
    }

    /// The values of a row.
    pub(crate) fn values(&self, row: usize) -> Vec<Option<PropertyValue>> {
        let tuple = self.tuple(row);
        (0..self.dimension_count).map(|place| self.values[place].value(tuple[place]).cloned()).collect()
    }

    /// The order of two rows by their values, dimension by dimension; absent comes last.
    pub(crate) fn order(&self, one: usize, two: usize) -> Ordering {
        let (one, two) = (self.tuple(one), self.tuple(two));
        let by_place = (0..self.dimension_count).map(|place| {
            let of = |tuple: &CodeTuple| self.values[place].value(tuple[place]).map(ValueRef::of);
            match (of(&one), of(&two)) {
                (Some(one), Some(two)) => one.order(&two),
                (one, two) => one.is_none().cmp(&two.is_none()),
            }
        });
        by_place.fold(Ordering::Equal, Ordering::then)
    }
}
