-- Projects and API keys: few rows, read often, so clarity decides.

CREATE TABLE projects (
    -- AUTOINCREMENT: the number of a deleted project is never given out again, or its late events would join another's.
    id                 INTEGER NOT NULL CONSTRAINT projects_pkey PRIMARY KEY AUTOINCREMENT,
    -- Compared and ordered by bytes (SQLite's default; the twin says COLLATE "C"), so that paging agrees with the program's order.
    name               TEXT    NOT NULL,
    -- An IANA name. Never changes: visitor days rest on it.
    zone               TEXT    NOT NULL,
    week_start         TEXT    NOT NULL,
    session_timeout_ms INTEGER NOT NULL,
    lateness_ms        INTEGER NOT NULL,
    -- The secret under which user ids are hashed. It has to be kept readable: the same user must get the same hash for years.
    user_hash_secret   BLOB    NOT NULL,
    -- Microseconds since 1970.
    create_time        INTEGER NOT NULL,
    CONSTRAINT projects_name_key UNIQUE (name),
    CONSTRAINT projects_week_start_known CHECK (week_start IN ('monday', 'sunday')),
    CONSTRAINT projects_user_hash_secret_length CHECK (length(user_hash_secret) = 32)
) STRICT;

CREATE TABLE api_keys (
    -- The public id: 1 to 32 lower-case letters and digits.
    id           TEXT    NOT NULL,
    -- SHA-256 of the secret. A secret has 256 random bits, so a slow hash would protect nothing and cost every request.
    secret_hash  BLOB    NOT NULL,
    -- NULL: the key reaches all projects.
    project_id   INTEGER,
    -- Names joined by commas, ascending, such as `ingest,query`. Only ever read whole.
    scopes       TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    last_four    TEXT    NOT NULL,
    -- Microseconds since 1970.
    create_time  INTEGER NOT NULL,
    revoke_time  INTEGER,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    -- Also the index by which every request finds its key.
    CONSTRAINT api_keys_secret_hash_key UNIQUE (secret_hash),
    CONSTRAINT api_keys_project_fkey FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT api_keys_secret_hash_length CHECK (length(secret_hash) = 32)
) STRICT;

-- Lists go newest first, of one project.
CREATE INDEX api_keys_project_newest ON api_keys (project_id, create_time DESC, id DESC);
