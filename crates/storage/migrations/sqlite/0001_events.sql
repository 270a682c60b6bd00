-- The truth: one row per event, and one row per day of a project.
--
-- Plain SQL on purpose: the TimescaleDB twin of this file has the same tables, columns and constraint names, with its own types
-- (bigint, bytea, timestamptz, jsonb, a hypertable by occurred_at).

-- WITHOUT ROWID keeps the rows inside the primary key's tree. What a query or the compactor asks for, "the events of one day since a
-- version", is therefore one contiguous read, and a commit appends to one place per day. About 180 bytes a row for a page view
-- with campaign and device, and 45 more for its entry in events_identity.
CREATE TABLE events (
    project_id    INTEGER NOT NULL,
    -- Days since 1970-01-01: a calendar day of the project's zone, so no instant.
    visitor_day   INTEGER NOT NULL,
    -- The version of project_days under which the row was committed, and its place among the day's rows of that commit.
    -- Places may have gaps: a copy that was not stored leaves one.
    version       INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    -- The log entry that stored the row: a redelivered entry recognises its own rows by it. 8 bytes at most.
    entry_id      INTEGER NOT NULL,
    -- The 16 bytes of a UUID; as text it would take 36.
    event_id      BLOB    NOT NULL,
    -- Microseconds since 1970, the sender's claim. Never rewritten: it is part of the identity.
    occurred_at   INTEGER NOT NULL,
    -- Milliseconds since 1970, the corrected time that reports use. Mostly occurred_at / 1000, yet 6 bytes well spent: no reader has
    -- to know how times are corrected.
    time          INTEGER NOT NULL,
    -- 1 view, 2 click, 3 conversion, 4 funnel step, 5 custom. Codes 1 to 5 take a byte; the numbers never change.
    kind          INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    -- 64 bits of a keyed hash whose salt is destroyed; NULL without a visitor.
    visitor_hash  INTEGER,
    -- 128 bits of a keyed hash: users are told apart for years, so 64 bits would be too few.
    user_hash     BLOB,
    -- 0 or 1; takes no bytes beside its header.
    interactive   INTEGER NOT NULL,
    sequence      INTEGER,
    -- Text as it is, NULL where absent (one byte each). Dictionaries are the segments' business; here everybody can read it.
    host          TEXT,
    page          TEXT,
    referrer      TEXT,
    utm_source    TEXT,
    utm_medium    TEXT,
    utm_campaign  TEXT,
    utm_term      TEXT,
    utm_content   TEXT,
    browser       TEXT,
    os            TEXT,
    -- 1 desktop, 2 mobile, 3 tablet, 4 other.
    device        INTEGER,
    language      TEXT,
    -- 1 mobile, 2 tablet, 3 laptop, 4 desktop.
    screen_class  INTEGER,
    -- Both or neither. ISO 4217, and millionths of the unit: sums are exact.
    currency_code TEXT,
    amount_micros INTEGER,
    -- A JSON object of strings, numbers and booleans; NULL when there are none. Text, because JSON keeps the type of each value.
    properties    TEXT,
    CONSTRAINT events_pkey PRIMARY KEY (project_id, visitor_day, version, ordinal),
    -- The identity of an event. occurred_at stands before the random event_id, so that what arrives together is inserted together.
    CONSTRAINT events_identity UNIQUE (project_id, occurred_at, event_id)
) STRICT, WITHOUT ROWID;

-- The state of each day that has, or had, events. No reference to projects: the event store and the catalog are two ports, and a key
-- of the catalog is checked before an event is taken.
CREATE TABLE project_days (
    project_id  INTEGER NOT NULL,
    visitor_day INTEGER NOT NULL,
    -- Raised by one in each transaction that adds events to the day; those rows carry it. From 1.
    version     INTEGER NOT NULL,
    -- Raised by whatever changes the past of the day. From 1.
    generation  INTEGER NOT NULL,
    -- Milliseconds since 1970: a range of time reads the days that it overlaps. A session over midnight belongs to the day on which
    -- it began, so a day's times can lie outside of its calendar day.
    min_time    INTEGER NOT NULL,
    max_time    INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    -- A project has some hundreds or thousands of days: finding those of a range by reading them all takes well under a millisecond.
    CONSTRAINT project_days_pkey PRIMARY KEY (project_id, visitor_day),
    CONSTRAINT project_days_times_ordered CHECK (min_time <= max_time)
) STRICT, WITHOUT ROWID;
