-- The names of the properties that a project has used: at most 1,000, which collectors ask for before they take an event.
--
-- Those of events that were stored before are not looked for, which would read every event: they come in when they are sent again.

CREATE TABLE property_names (
    project_id  bigint      NOT NULL,
    -- By bytes: names are the same only when each byte is.
    name        text        NOT NULL COLLATE "C",
    -- When it was first sent.
    create_time timestamptz NOT NULL,
    CONSTRAINT property_names_pkey PRIMARY KEY (project_id, name),
    CONSTRAINT property_names_project_fkey FOREIGN KEY (project_id) REFERENCES projects (id)
);
