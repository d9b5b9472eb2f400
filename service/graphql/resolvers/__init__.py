"""One module per area of the schema; each lists its resolvers by type and field in `FIELDS`."""
