//! Where something can be at rest: files, tables, keys, logs.

use std::{
    fs::{self, File},
    io::Read as _,
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use redis::{Commands as _, Value};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::support::PrivateServers;

/// Bytes of one place.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Whether the pages of events are there.
    pub(super) has_pages: bool,
}

impl Place {
    pub(super) fn of_rows(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes, has_pages: true }
    }

    pub(super) fn without_pages(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes, has_pages: false }
    }
}

/// Every file below a directory as it is, and what of it is compressed.
pub(super) fn of_directory(name: &str, directory: &Path) -> Vec<Place> {
    let bytes = bytes_below(directory);
    let unpacked = Place::without_pages(&format!("{name}, unpacked"), unpacked(&bytes));
    vec![Place::of_rows(name, bytes), unpacked]
}

/// What is kept in memory as files, and whatever our servers have open, also under no name.
pub(super) fn shared() -> Vec<Place> {
    vec![
        Place::without_pages("/dev/shm", bytes_below(Path::new("/dev/shm"))),
        Place::without_pages("open files", open_files()),
    ]
}

/// What goes while it is read was not at rest.
fn bytes_below(directory: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => bytes.extend(bytes_below(&path)),
            Ok(kind) if kind.is_file() => bytes.extend(fs::read(&path).unwrap_or_default()),
            _ => {}
        }
    }
    bytes
}

fn open_files() -> Vec<u8> {
    let mut bytes = Vec::new();
    let ours = fs::canonicalize(env!("CARGO_BIN_EXE_analytics")).expect("the binary was built");
    for process in fs::read_dir("/proc").expect("Linux").flatten() {
        if !fs::read_link(process.path().join("exe")).is_ok_and(|program| program == ours) {
            continue;
        }
        for file in fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten() {
            // Sockets and pipes are no regular files.
            if fs::metadata(file.path()).is_ok_and(|file| file.is_file() && file.size() > 0) {
                let _ = File::open(file.path()).and_then(|mut file| file.read_to_end(&mut bytes));
            }
        }
    }
    bytes
}

/// What the frames of zstd in these bytes hold, as far as they are whole.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    const FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    let mut unpacked = Vec::new();
    for (place, _) in bytes.windows(4).enumerate().filter(|(_, window)| *window == FRAME) {
        if let Ok(decoder) = zstd::stream::read::Decoder::new(&bytes[place..]) {
            // What was read before the frame broke is there too.
            let _ = decoder.single_frame().read_to_end(&mut unpacked);
        }
    }
    unpacked
}

/// Every row of every table as text, as a dump has it: binary values in hexadecimal.
pub(super) async fn tables(url: &str) -> Vec<u8> {
    let mut connection = PgConnection::connect(url).await.expect("it runs");
    let tables = "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                  WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema')";
    let tables = sqlx::query(tables).fetch_all(&mut connection).await.expect("it answers");
    let mut bytes = Vec::new();
    for table in tables {
        let rows = format!("SELECT whole::text FROM ONLY {} AS whole", table.get::<&str, _>(0));
        for row in sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut connection).await.expect("it answers") {
            bytes.extend(row.get::<&str, _>(0).as_bytes());
            bytes.push(b'\n');
        }
    }
    // So that the files have it all.
    sqlx::query("CHECKPOINT").execute(&mut connection).await.expect("a superuser may");
    bytes
}

/// The columns of all segments, unpacked.
pub(super) async fn segments(url: &str) -> Vec<u8> {
    let mut connection = PgConnection::connect(url).await.expect("it runs");
    let columns = sqlx::query("SELECT bytes FROM segment_columns").fetch_all(&mut connection).await;
    columns.expect("it answers").iter().flat_map(|row| unpacked(row.get(0))).collect()
}

/// The values of all keys, and the files.
pub(super) fn of_redis(name: &str, url: &str) -> Vec<Place> {
    let mut connection = redis::Client::open(url).and_then(|client| client.get_connection()).expect("it runs");
    let keys: Vec<Vec<u8>> = connection.keys("*").expect("it answers");
    let mut bytes = Vec::new();
    for key in keys {
        let kind: String = redis::cmd("TYPE").arg(&key).query(&mut connection).expect("it answers");
        let read: &[&str] = match kind.as_str() {
            "string" => &["GET"],
            "hash" => &["HGETALL"],
            "list" => &["LRANGE", "0", "-1"],
            "set" => &["SMEMBERS"],
            "zset" => &["ZRANGE", "0", "-1", "WITHSCORES"],
            "stream" => &["XRANGE", "-", "+"],
            // Gone meanwhile.
            "none" => continue,
            other => panic!("a key of the kind {other}"),
        };
        let value = redis::cmd(read[0]).arg(&key).arg(&read[1..]).query(&mut connection).expect("it answers");
        bytes.extend(key);
        append(&value, &mut bytes);
    }
    let (_, directory): (String, String) =
        redis::cmd("CONFIG").arg("GET").arg("dir").query(&mut connection).expect("it answers");
    let files = bytes_below(Path::new(&directory));
    let of_files = format!("the files of {name}");
    // The log has every entry that it ever got; a Redis that keeps nothing has no files.
    let files =
        if files.is_empty() { Place::without_pages(&of_files, files) } else { Place::of_rows(&of_files, files) };
    vec![Place::without_pages(name, bytes), files]
}

fn append(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::BulkString(text) => bytes.extend(text),
        Value::Array(values) | Value::Set(values) => values.iter().for_each(|value| append(value, bytes)),
        other => bytes.extend(format!("{other:?}").into_bytes()),
    }
    bytes.push(b'\n');
}

/// Writes something down that must not be there: as a row and as a value.
pub(super) async fn plant(servers: &PrivateServers, leak: &[u8]) {
    let text = std::str::from_utf8(leak).expect("a text");
    let mut connection = PgConnection::connect(&servers.postgres.url()).await.expect("it runs");
    sqlx::query("CREATE TABLE leak (text text)").execute(&mut connection).await.expect("a superuser may");
    sqlx::query("INSERT INTO leak VALUES ($1)").bind(text).execute(&mut connection).await.expect("it takes a row");
    let mut connection =
        redis::Client::open(servers.redis.url()).and_then(|client| client.get_connection()).expect("it runs");
    connection.set::<_, _, ()>("leak", leak).expect("it takes a value");
}
