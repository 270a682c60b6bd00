-- The names of the properties that a project has used: at most 1,000, which collectors ask for before they take an event.
--
-- Those of events that were stored before are not looked for, which would read every event: they come in when they are sent again.

CREATE TABLE property_names (
    project_id  INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    -- When it was first sent: microseconds since 1970.
    create_time INTEGER NOT NULL,
    CONSTRAINT property_names_pkey PRIMARY KEY (project_id, name),
    CONSTRAINT property_names_project_fkey FOREIGN KEY (project_id) REFERENCES projects (id)
) STRICT, WITHOUT ROWID;
