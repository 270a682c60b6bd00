-- Projects and API keys: few rows, read often, so clarity decides.

CREATE TABLE projects (
    -- An identity never gives a number twice, or late events of a deleted project would join another's. It may leave gaps.
    id                 bigint      NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT projects_pkey PRIMARY KEY,
    -- Compared and ordered by bytes, so that paging agrees with the program's order, whatever the database's locale.
    name               text        NOT NULL COLLATE "C",
    -- An IANA name. Never changes: visitor days rest on it.
    zone               text        NOT NULL,
    week_start         text        NOT NULL,
    session_timeout_ms bigint      NOT NULL,
    lateness_ms        bigint      NOT NULL,
    -- The secret under which user ids are hashed. It has to be kept readable: the same user must get the same hash for years.
    user_hash_secret   bytea       NOT NULL,
    create_time        timestamptz NOT NULL,
    CONSTRAINT projects_name_key UNIQUE (name),
    CONSTRAINT projects_week_start_known CHECK (week_start IN ('monday', 'sunday')),
    CONSTRAINT projects_user_hash_secret_length CHECK (length(user_hash_secret) = 32)
);

CREATE TABLE api_keys (
    -- The public id: 1 to 32 lower-case letters and digits. By bytes, as above.
    id           text        NOT NULL COLLATE "C",
    -- SHA-256 of the secret. A secret has 256 random bits, so a slow hash would protect nothing and cost every request.
    secret_hash  bytea       NOT NULL,
    -- NULL: the key reaches all projects.
    project_id   bigint,
    -- Names joined by commas, ascending, such as `ingest,query`. Only ever read whole.
    scopes       text        NOT NULL,
    display_name text        NOT NULL,
    last_four    text        NOT NULL,
    create_time  timestamptz NOT NULL,
    revoke_time  timestamptz,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    -- Also the index by which every request finds its key.
    CONSTRAINT api_keys_secret_hash_key UNIQUE (secret_hash),
    CONSTRAINT api_keys_project_fkey FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT api_keys_secret_hash_length CHECK (length(secret_hash) = 32)
);

-- Lists go newest first, of one project.
CREATE INDEX api_keys_project_newest ON api_keys (project_id, create_time DESC, id DESC);
