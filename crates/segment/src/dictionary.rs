use std::{cmp::Ordering, collections::HashMap};

use analytics_domain::PropertyValue;

/// The distinct values of a column in the order in which answers list them: numbers by value, then text by its UTF-8 bytes, then
/// false and true. So the order of codes is the order of values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dictionary {
    pub(crate) numbers: Vec<f64>,
    pub(crate) text: String,
    /// Where each text ends in `text`.
    pub(crate) text_ends: Vec<u32>,
    pub(crate) bools: Vec<bool>,
}

/// A value inside a dictionary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// A finite number; zero is never negative.
    Number(f64),
    /// Text.
    Text(&'a str),
    /// True or false.
    Bool(bool),
}

impl<'a> ValueRef<'a> {
    /// A property's value. Zero loses its sign: it is one value.
    pub fn of(value: &'a PropertyValue) -> Self {
        match value {
            PropertyValue::Number(number) => Self::Number(number + 0.0),
            PropertyValue::String(text) => Self::Text(text),
            PropertyValue::Bool(truth) => Self::Bool(*truth),
        }
    }

    /// The value by itself.
    pub fn to_value(self) -> PropertyValue {
        match self {
            Self::Number(number) => PropertyValue::Number(number),
            Self::Text(text) => PropertyValue::String(text.to_owned()),
            Self::Bool(truth) => PropertyValue::Bool(truth),
        }
    }

    /// The order in which answers list values.
    pub fn order(&self, other: &ValueRef<'_>) -> Ordering {
        match (*self, *other) {
            (ValueRef::Number(one), ValueRef::Number(two)) => one.total_cmp(&two),
            (ValueRef::Text(one), ValueRef::Text(two)) => one.as_bytes().cmp(two.as_bytes()),
            (ValueRef::Bool(one), ValueRef::Bool(two)) => one.cmp(&two),
            _ => self.kind_rank().cmp(&other.kind_rank()),
        }
    }

    fn kind_rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Bool(_) => 2,
        }
    }
}

impl Dictionary {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.numbers.len() + self.text_ends.len() + self.bools.len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at `index`, which must be below [`Dictionary::len`]: that of code `index + 1`.
    pub fn value(&self, index: usize) -> ValueRef<'_> {
        if let Some(number) = self.numbers.get(index) {
            return ValueRef::Number(*number);
        }
        let index = index - self.numbers.len();
        if index < self.text_ends.len() {
            return ValueRef::Text(self.text_at(index));
        }
        ValueRef::Bool(self.bools[index - self.text_ends.len()])
    }

    fn text_at(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.text_ends[index - 1] as usize };
        &self.text[start..self.text_ends[index] as usize]
    }

    /// All values in order.
    pub fn values(&self) -> impl Iterator<Item = ValueRef<'_>> {
        (0..self.len()).map(|index| self.value(index))
    }

    /// The code of a text; none when it is not there.
    pub fn code_of_text(&self, text: &str) -> Option<u32> {
        self.search(ValueRef::Text(text))
    }

    /// The code of a value; none when it is not there.
    pub fn code_of(&self, value: &PropertyValue) -> Option<u32> {
        self.search(ValueRef::of(value))
    }

    fn search(&self, wanted: ValueRef<'_>) -> Option<u32> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.value(middle).order(&wanted) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle as u32 + 1),
            }
        }
        None
    }

    /// Appends a value greater than all others.
    pub(crate) fn push(&mut self, value: ValueRef<'_>) {
        match value {
            ValueRef::Number(number) => self.numbers.push(number),
            ValueRef::Text(text) => {
                self.text.push_str(text);
                // The builder keeps the text of a dictionary below 4 GiB.
                self.text_ends.push(self.text.len() as u32);
            }
            ValueRef::Bool(truth) => self.bools.push(truth),
        }
    }

    /// Whether the values ascend strictly and have the form that codes rely on.
    pub(crate) fn is_well_formed(&self) -> bool {
        let mut previous = 0;
        let ends_fit = self.text_ends.iter().all(|end| {
            let fits = previous <= *end && self.text.is_char_boundary(*end as usize);
            previous = *end;
            fits
        });
        let numbers_fit =
            self.numbers.iter().all(|number| number.is_finite() && number.to_bits() != (-0.0f64).to_bits());
        let whole = previous as usize == self.text.len();
        ends_fit
            && whole
            && numbers_fit
            && (1..self.len()).all(|index| self.value(index - 1).order(&self.value(index)) == Ordering::Less)
    }

    /// The union of two dictionaries, and for each the new code of each of its codes, absent included.
    pub(crate) fn union(one: &Self, two: &Self) -> (Self, Vec<u32>, Vec<u32>) {
        let mut union = Self::default();
        let (mut from_one, mut from_two) = (vec![0], vec![0]);
        let (mut left, mut right) = (one.values().peekable(), two.values().peekable());
        let mut code = 0;
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => return (union, from_one, from_two),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(left), Some(right)) => left.order(right),
            };
            code += 1;
            let mut value = None;
            if order != Ordering::Greater {
                value = left.next();
                from_one.push(code);
            }
            if order != Ordering::Less {
                value = right.next().or(value);
                from_two.push(code);
            }
            if let Some(value) = value {
                union.push(value);
            }
        }
    }

    /// How many bytes it occupies in memory.
    pub fn memory_bytes(&self) -> usize {
        self.numbers.len() * 8 + self.text.len() + self.text_ends.len() * 4 + self.bools.len()
    }
}

/// Gives each distinct value a provisional code, from 1, in the order of arrival.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    texts: HashMap<Box<str>, u32>,
    numbers: HashMap<u64, u32>,
    bools: [Option<u32>; 2],
    len: u32,
    text_bytes: usize,
}

impl Interner {
    pub(crate) fn text(&mut self, text: &str) -> u32 {
        if let Some(code) = self.texts.get(text) {
            return *code;
        }
        self.len += 1;
        self.text_bytes += text.len();
        self.texts.insert(text.into(), self.len);
        self.len
    }

    /// A number that is not finite is no value: 0.
    pub(crate) fn value(&mut self, value: &PropertyValue) -> u32 {
        let code = match value {
            PropertyValue::String(text) => return self.text(text),
            PropertyValue::Number(number) if !number.is_finite() => return 0,
            // Adding zero turns -0 into 0: they are one value.
            PropertyValue::Number(number) => self.numbers.entry((number + 0.0).to_bits()).or_insert(self.len + 1),
            PropertyValue::Bool(truth) => self.bools[usize::from(*truth)].get_or_insert(self.len + 1),
        };
        self.len = self.len.max(*code);
        *code
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// The values in order, and the final code of each provisional one.
    pub(crate) fn dictionary(&self) -> (Dictionary, Vec<u32>) {
        let numbers = self.numbers.iter().map(|(bits, code)| (ValueRef::Number(f64::from_bits(*bits)), *code));
        let texts = self.texts.iter().map(|(text, code)| (ValueRef::Text(text), *code));
        let bools = [false, true]
            .into_iter()
            .filter_map(|truth| Some((ValueRef::Bool(truth), self.bools[usize::from(truth)]?)));
        let mut values: Vec<(ValueRef<'_>, u32)> = numbers.chain(texts).chain(bools).collect();
        values.sort_unstable_by(|(one, _), (two, _)| one.order(two));
        let mut dictionary = Dictionary::default();
        let mut final_codes = vec![0; values.len() + 1];
        for (index, (value, provisional)) in values.into_iter().enumerate() {
            dictionary.push(value);
            final_codes[provisional as usize] = index as u32 + 1;
        }
        (dictionary, final_codes)
    }
}
