/** Where a PostgreSQL image keeps its cluster: PGDATA, else by major (docker-library/postgres #1259). */
export function dataPathIn(environment: Readonly<Record<string, string>>, major: number): string {
  return environment["PGDATA"] ?? (major >= 18 ? `/var/lib/postgresql/${major}/docker` : "/var/lib/postgresql/data");
}
