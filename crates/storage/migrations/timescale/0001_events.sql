-- The truth: one row per event, and one row per day of a project.
--
-- The SQLite twin of this file has the same tables, columns and constraint names. Types are PostgreSQL's own, so that Grafana or psql
-- read times as times, ids as ids and properties as JSON. Two columns and one index are here alone, because a hypertable needs them.

CREATE TABLE events (
    -- First what is never NULL and has a fixed size, the wide values before the narrow ones: no byte is lost to alignment.
    project_id    bigint      NOT NULL,
    -- The version of project_days under which the row was committed; `ordinal` is its place among the day's rows of that commit.
    -- Places may have gaps: a copy that was not stored leaves one.
    version       bigint      NOT NULL,
    -- The log entry that stored the row: a redelivered entry recognises its own rows by it.
    entry_id      bigint      NOT NULL,
    -- The sender's claim, in microseconds. Never rewritten: it is part of the identity, and decides about the chunk.
    occurred_at   timestamptz NOT NULL,
    -- The corrected time that reports use, in milliseconds. Mostly that of occurred_at, yet 8 bytes well spent: no reader has to know
    -- how times are corrected.
    time          timestamptz NOT NULL,
    event_id      uuid        NOT NULL,
    -- A calendar day of the project's zone, so no instant.
    visitor_day   date        NOT NULL,
    ordinal       integer     NOT NULL,
    -- 1 view, 2 click, 3 conversion, 4 funnel step, 5 custom. The numbers never change.
    kind          smallint    NOT NULL,
    interactive   boolean     NOT NULL,
    name          text        NOT NULL,
    -- 64 bits of a keyed hash whose salt is destroyed; NULL without a visitor.
    visitor_hash  bigint,
    -- 128 bits of a keyed hash: users are told apart for years, so 64 bits would be too few.
    user_hash     bytea,
    sequence      bigint,
    -- Text as it is, NULL where absent. Dictionaries are the segments' business; here everybody can read it.
    host          text,
    page          text,
    referrer      text,
    utm_source    text,
    utm_medium    text,
    utm_campaign  text,
    utm_term      text,
    utm_content   text,
    browser       text,
    os            text,
    -- 1 desktop, 2 mobile, 3 tablet, 4 other.
    device        smallint,
    language      text,
    -- 1 mobile, 2 tablet, 3 laptop, 4 desktop.
    screen_class  smallint,
    -- Both or neither. ISO 4217, and millionths of the unit: sums are exact.
    currency_code text,
    amount_micros bigint,
    -- An object of strings, numbers and booleans; NULL when there are none. jsonb keeps every digit of a number, and its scale.
    properties    jsonb,
    -- The identity of an event. occurred_at stands before the event_id, which may be random: what arrives together is inserted together,
    -- and whoever reads a project's events of some hours with plain SQL has an index for it.
    CONSTRAINT events_identity UNIQUE (project_id, occurred_at, event_id)
);

-- Chunks of a week. Each commit, and each plain query over a range of time, touches few of them; a year makes 52, which PostgreSQL still
-- plans in milliseconds (a chunk a day makes ten years of imported history 3,650 tables), and retention drops whole chunks, so a week is
-- how much longer than promised it may keep the disk. Ids and times ascend, so that only the ends of a chunk's indexes have to stay in memory.
-- No default index on occurred_at: each index costs about a third of the speed of writing, and events_identity serves time ranges.
SELECT create_hypertable('events', by_range('occurred_at', INTERVAL '7 days'), create_default_indexes => false);

-- What a query or the compactor asks for, "the events of one day since a version", is one range of this index in each chunk. Without the
-- ordinal: the rows of a commit share their key, which the tree then stores once (8 bytes a row, against 88), and a read that begins in
-- the middle of a commit sorts that one. ARCHITECTURE.md has the measurement, also of BRIN.
CREATE INDEX events_by_version ON events (project_id, visitor_day, version);

-- The state of each day that has, or had, events. No reference to projects: the event store and the catalog are two ports, and a key
-- of the catalog is checked before an event is taken.
CREATE TABLE project_days (
    project_id      bigint      NOT NULL,
    visitor_day     date        NOT NULL,
    -- Raised by one in each transaction that adds events to the day; those rows carry it. From 1; 0 only inside of the transaction
    -- that makes the row, which has to exist before it can be locked.
    version         bigint      NOT NULL,
    -- Raised by whatever changes the past of the day. From 1.
    generation      bigint      NOT NULL,
    -- A range of time reads the days that it overlaps. A session over midnight belongs to the day on which it began, so a day's
    -- times can lie outside of its calendar day.
    min_time        timestamptz NOT NULL,
    max_time        timestamptz NOT NULL,
    -- Which chunks have rows of the day: without these two every read of a day would look into every chunk.
    min_occurred_at timestamptz NOT NULL,
    max_occurred_at timestamptz NOT NULL,
    event_count     bigint      NOT NULL,
    -- A project has some hundreds or thousands of days: finding those of a range by reading them all takes well under a millisecond.
    CONSTRAINT project_days_pkey PRIMARY KEY (project_id, visitor_day),
    CONSTRAINT project_days_times_ordered CHECK (min_time <= max_time)
)
-- Every commit rewrites a row or two. Room in each page keeps the new versions beside the old ones, without a new index entry.
WITH (fillfactor = 50);
