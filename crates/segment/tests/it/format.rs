use analytics_domain::Event;
use analytics_segment::{Builder, DecodeError, decode, encode};
use proptest::prelude::*;

use crate::events::event;

fn builder(events: &[Event]) -> Builder {
    let mut builder = Builder::new();
    builder.extend(events);
    builder
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_was_encoded_is_decoded_again(events in prop::collection::vec(event(), 0..400)) {
        let built = builder(&events).build().expect("a small day");
        for name in built.column_names() {
            let column = built.column(&name).expect("it has a name");
            prop_assert_eq!(decode(&encode(&column)), Ok(column), "{}", name);
        }
    }

    #[test]
    fn damaged_bytes_are_an_error_and_never_a_panic(
        events in prop::collection::vec(event(), 1..40),
        place in any::<prop::sample::Index>(),
        flipped in 1u8..=255,
        cut in any::<prop::sample::Index>(),
    ) {
        for column in builder(&events).finish().expect("a small day") {
            let mut bytes = column.bytes.to_vec();
            let place = place.index(bytes.len());
            bytes[place] ^= flipped;
            // Bits of the compressed frame's header that tell nothing about the content may be anything.
            if let Ok(decoded) = decode(&bytes) {
                prop_assert_eq!(Ok(decoded), decode(&column.bytes), "{} at {}", column.name, place);
            }
            let shorter = &column.bytes[..cut.index(column.bytes.len())];
            prop_assert!(decode(shorter).is_err(), "{} cut to {}", column.name, shorter.len());
            let longer = [&column.bytes[..], &[0]].concat();
            prop_assert!(decode(&longer).is_err(), "{} with a byte more", column.name);
        }
    }

    #[test]
    fn any_payload_under_a_right_checksum_is_a_column_or_an_error(tag in 0u8..10, payload in prop::collection::vec(any::<u8>(), 0..80)) {
        let frame = zstd::stream::encode_all(&[&[tag], &payload[..]].concat()[..], 1).expect("in memory");
        let bytes = [b"seg\x01", &frame[..]].concat();
        if let Ok(column) = decode(&bytes) {
            prop_assert_eq!(decode(&encode(&column)), Ok(column));
        }
    }
}

#[test]
fn bytes_of_another_version_are_told_from_damaged_ones() {
    let mut bytes = builder(&[]).finish().expect("an empty day")[0].bytes.to_vec();
    bytes[3] = 2;
    assert_eq!(decode(&bytes), Err(DecodeError::UnknownFormat(2)));
    bytes[0] = b'x';
    assert_eq!(decode(&bytes), Err(DecodeError::Damaged("it does not begin as a column does")));
}
