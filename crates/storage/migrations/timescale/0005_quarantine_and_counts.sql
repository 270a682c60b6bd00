-- What became of events that are not among the stored ones.

-- Events that were acknowledged and that the database refuses for what they are, until somebody decides about them.
CREATE TABLE quarantine (
    -- An identity never gives a number twice: one that somebody wrote down never means another event later. It may leave gaps.
    id          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT quarantine_pkey PRIMARY KEY,
    -- NULL, like event_id, when the record cannot be read.
    project_id  bigint,
    event_id    uuid,
    reason      text        NOT NULL,
    create_time timestamptz NOT NULL,
    -- The record of a log entry that holds this event alone, or the bytes that cannot be read: what is refused in one form is kept in
    -- another, in which nothing is refused and nothing gets lost.
    record      bytea       NOT NULL,
    -- BLAKE3 of the record. A processor that dies repeats itself, and the same record is kept once.
    record_hash bytea       NOT NULL,
    CONSTRAINT quarantine_record_hash_key UNIQUE (record_hash)
);

-- Lists are of one project mostly.
CREATE INDEX quarantine_of_project ON quarantine (project_id, id);

-- How many events collectors took, filtered and rejected: of those that are not stored nothing else is left.
CREATE TABLE ingest_counts (
    project_id bigint NOT NULL,
    -- The day on which they arrived, in the project's zone.
    day        date   NOT NULL,
    -- accepted, filtered or rejected.
    decision   text   NOT NULL COLLATE "C",
    -- The rule that filtered, such as `bot`, or the reason of a rejection, such as `TOO_LATE`; empty when accepted.
    detail     text   NOT NULL COLLATE "C",
    count      bigint NOT NULL,
    CONSTRAINT ingest_counts_pkey PRIMARY KEY (project_id, day, decision, detail)
)
-- Rewritten all the time. Room in each page keeps the new versions beside the old ones, without a new index entry.
WITH (fillfactor = 50);
