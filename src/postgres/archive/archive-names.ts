/** The first file of an archive, so that any other tar file is known for one at once. */
export const markName = "bulkhead-backup";
export const archiveMark = "bulkhead backup, format 1\n";

export const manifestName = "manifest.json";

/** The manifest's SHA-256 as `sha256sum` writes it. */
export const checksumName = "manifest.json.sha256";

/** A database's dump where it is one file, in pg_dump's custom format; else its directory holds the directory format. */
export const singleDump = "dump";

/** What an archive and its pieces are called before they are whole; a dot comes before. */
export const unfinishedEnding = ".unfinished";
