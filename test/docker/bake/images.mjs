/**
 * The stand-ins: under which official tags, from which Debian release, made by which folder beside this file with which
 * build arguments. Releases are chosen for what they carry: the PostgreSQL major, and a Python that the application's
 * release supports.
 */
export const images = [
  { tags: ["postgres:17"], debian: "trixie", folder: "postgres", args: { PG_MAJOR: "17" } },
  { tags: ["postgres:13"], debian: "bullseye", folder: "postgres", args: { PG_MAJOR: "13" } },
];

/** Packages that every base needs besides Debian's required ones. */
export const basePackages = ["ca-certificates"];
