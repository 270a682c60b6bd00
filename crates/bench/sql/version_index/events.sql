-- The events hypertable, reduced to what decides about its indexes: the keys as they are, and texts that make a row as wide as a page view.
CREATE TABLE events (
    project_id    bigint      NOT NULL,
    visitor_day   date        NOT NULL,
    version       bigint      NOT NULL,
    ordinal       integer     NOT NULL,
    entry_id      bigint      NOT NULL,
    event_id      uuid        NOT NULL,
    occurred_at   timestamptz NOT NULL,
    time          timestamptz NOT NULL,
    kind          smallint    NOT NULL,
    name          text        NOT NULL,
    visitor_hash  bigint,
    interactive   boolean     NOT NULL,
    host          text,
    page          text,
    referrer      text,
    browser       text,
    os            text,
    device        smallint,
    language      text,
    properties    jsonb
)
-- The measurement says when the table is vacuumed and analysed. Chunks inherit it.
WITH (autovacuum_enabled = false);
SELECT create_hypertable('events', by_range('occurred_at', INTERVAL '7 days'), create_default_indexes => false);
