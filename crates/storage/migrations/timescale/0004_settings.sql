-- What projects choose and keys are limited by.
--
-- One JSON object each, rather than a column for each field: only ever read and written whole, never searched, and there will be more
-- fields. A reader takes a missing field as its default and passes over one that it does not know; an update keeps what it does not
-- know, so that an older version beside a newer one loses nothing. Lists are no rows of their own, because nothing asks for one alone.

ALTER TABLE projects ADD COLUMN ingest_settings jsonb NOT NULL DEFAULT '{}';

ALTER TABLE api_keys ADD COLUMN limits jsonb NOT NULL DEFAULT '{}';

-- Noted about once in a minute; NULL before the first use. Apart from the limits, because servers write it and people those.
ALTER TABLE api_keys ADD COLUMN last_use_time timestamptz;
