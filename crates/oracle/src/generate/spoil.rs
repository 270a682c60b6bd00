//! Lines that nobody can read. Each is unreadable in a way about which there are no two opinions: a line cut after
//! its size, say, would be a good line of the common format.

use crate::prng::Prng;

pub(super) fn spoil(line: &str, random: &mut Prng) -> Vec<u8> {
    let date_start = line.find('[').expect("every line has a time") + 1;
    let request_start = line.find('"').expect("every line has a request") + 1;
    let with_date = |date: &str| {
        let end = line.find(']').expect("every line has a time");
        format!("{}{date}{}", &line[..date_start], &line[end..]).into_bytes()
    };
    match random.below(10) {
        0 => b"this is no line of a log".to_vec(),
        1 => b"\xff\xfe\x00binary\x80rubbish".to_vec(),
        2 => line.as_bytes()[..date_start + 7].to_vec(),
        3 => line.as_bytes()[..request_start + 6].to_vec(),
        // The last quote is missing, as when a disk was full; without one in the format, the end of the size.
        4 => match line.strip_suffix('"') {
            Some(open) => open.as_bytes().to_vec(),
            None => format!("{line} \"").into_bytes(),
        },
        5 => with_date("31/Feb/2024:10:00:00 +0000"),
        6 => with_date("10/Oct/2024:25:00:00 +0000"),
        7 => with_date("10/Foo/2024:10:00:00 +0000"),
        8 => line.replacen("\" ", "\" x", 1).into_bytes(),
        _ => b"- - -".to_vec(),
    }
}
