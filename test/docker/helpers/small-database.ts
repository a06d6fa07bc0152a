/** A PostgreSQL that publishes nothing. */
export const server = { image: "postgres:17", environment: { POSTGRES_USER: "app", POSTGRES_PASSWORD: "first" } };

/** A Compose file with that server as its one service `db`, changed by `more`. */
export function database(more: object = {}): object {
  return { services: { db: { ...server, ...more } } };
}
