-- What became of events that are not among the stored ones.

-- Events that were acknowledged and that the database refuses for what they are, until somebody decides about them.
CREATE TABLE quarantine (
    -- AUTOINCREMENT: a number that somebody wrote down never means another event later.
    id          INTEGER NOT NULL CONSTRAINT quarantine_pkey PRIMARY KEY AUTOINCREMENT,
    -- NULL, like event_id, when the record cannot be read.
    project_id  INTEGER,
    event_id    BLOB,
    reason      TEXT    NOT NULL,
    -- Microseconds since 1970.
    create_time INTEGER NOT NULL,
    -- The record of a log entry that holds this event alone, or the bytes that cannot be read: what is refused in one form is kept in
    -- another, in which nothing is refused and nothing gets lost.
    record      BLOB    NOT NULL,
    -- BLAKE3 of the record. A processor that dies repeats itself, and the same record is kept once.
    record_hash BLOB    NOT NULL,
    CONSTRAINT quarantine_record_hash_key UNIQUE (record_hash)
) STRICT;

-- Lists are of one project mostly.
CREATE INDEX quarantine_of_project ON quarantine (project_id, id);

-- How many events collectors took, filtered and rejected: of those that are not stored nothing else is left.
CREATE TABLE ingest_counts (
    project_id INTEGER NOT NULL,
    -- The day on which they arrived, in the project's zone: days since 1970-01-01.
    day        INTEGER NOT NULL,
    -- accepted, filtered or rejected.
    decision   TEXT    NOT NULL,
    -- The rule that filtered, such as `bot`, or the reason of a rejection, such as `TOO_LATE`; empty when accepted.
    detail     TEXT    NOT NULL,
    count      INTEGER NOT NULL,
    CONSTRAINT ingest_counts_pkey PRIMARY KEY (project_id, day, decision, detail)
) STRICT, WITHOUT ROWID;
