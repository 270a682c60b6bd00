-- Derived day segments. They can be built again from `events`, so losing these two tables loses nothing but time. The embedded store
-- keeps them as files instead.

CREATE TABLE segments (
    -- What the columns refer to: one number instead of the four of the key, in each of some dozens of rows.
    id          bigint NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT segments_pkey PRIMARY KEY,
    project_id  bigint NOT NULL,
    visitor_day date   NOT NULL,
    -- Those of project_days that the segment was built under, and contains.
    generation  bigint NOT NULL,
    version     bigint NOT NULL,
    -- Also the index that finds the newest of a generation.
    CONSTRAINT segments_key UNIQUE (project_id, visitor_day, generation, version)
);

-- A row per column, so that a query reads those that it names and no others.
CREATE TABLE segment_columns (
    segment_id bigint  NOT NULL,
    -- Its place in the segment.
    place      integer NOT NULL,
    name       text    NOT NULL COLLATE "C",
    bytes      bytea   NOT NULL,
    CONSTRAINT segment_columns_pkey PRIMARY KEY (segment_id, name),
    -- Removing a segment is one statement.
    CONSTRAINT segment_columns_segment_fkey FOREIGN KEY (segment_id) REFERENCES segments (id) ON DELETE CASCADE
);

-- Out of line and as they are: the bytes are compressed already, trying again would cost time for nothing.
ALTER TABLE segment_columns ALTER COLUMN bytes SET STORAGE EXTERNAL;
