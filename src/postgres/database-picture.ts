/** A PostgreSQL server as its catalogs show it; every size in bytes. */
export interface ServerPicture {
  /** `server_version_num`: 130023, 170002. */
  readonly version: number;
  /** `pg_control_system().system_identifier`; undefined without the right to read it. */
  readonly systemIdentifier: string | undefined;
  /** A standby: nothing can be changed here. */
  readonly inRecovery: boolean;
  readonly databases: readonly DatabaseSummary[];
}

export interface DatabaseSummary {
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly collation: string;
  readonly allowsConnections: boolean;
  readonly isTemplate: boolean;
  /** Undefined without the right to connect to it, and where it was not asked for. */
  readonly bytes: number | undefined;
  readonly comment: string | undefined;
}

/** One database, without the system's own schemas. */
export interface DatabasePicture extends DatabaseSummary {
  readonly schemas: readonly { readonly name: string; readonly owner: string }[];
  readonly tables: readonly TablePicture[];
  readonly views: readonly ObjectPicture[];
  /** Every `alembic_version*` of every schema. */
  readonly versionTables: readonly VersionTable[];
  readonly sequences: readonly SequencePicture[];
  readonly routines: readonly ObjectPicture[];
  readonly triggers: readonly { readonly schema: string; readonly table: string; readonly name: string }[];
  readonly types: readonly ObjectPicture[];
  readonly extensions: readonly { readonly name: string; readonly version: string; readonly schema: string }[];
  readonly largeObjects: number;
  readonly sessions: readonly SessionPicture[];
  /** Schemas that a `search_path` of the database, or of a role in it, names: `ALTER ROLE mlflow SET search_path = mlflow`. */
  readonly searchedSchemas: readonly string[];
}

/** Schema and name of a relation, as PostgreSQL keeps them: unquoted. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

export interface ObjectPicture extends RelationName {
  readonly owner: string;
}

export interface TablePicture extends ObjectPicture {
  readonly columns: readonly ColumnPicture[];
  readonly indexes: readonly string[];
  readonly constraints: readonly ConstraintPicture[];
  /** With indexes and TOAST. */
  readonly bytes: number;
  /** `reltuples`; undefined when the table was never analysed. */
  readonly estimatedRows: number | undefined;
  /** Counted. Always there for a table that may be a skeleton. */
  readonly rows: number | undefined;
}

export interface ConstraintPicture {
  readonly name: string;
  readonly kind: "check" | "foreign key" | "primary key" | "unique" | "exclusion";
  /** Of a foreign key. */
  readonly onDelete: "no action" | "restrict" | "cascade" | "set null" | "set default" | undefined;
}

export interface ColumnPicture {
  readonly name: string;
  /** `format_type`: `character varying(256)`. */
  readonly type: string;
  readonly nullable: boolean;
}

export interface VersionTable extends ObjectPicture {
  /** `version_num` of every row, sorted; at most a hundred. */
  readonly rows: readonly string[];
  /** Why the rows could not be read: a phrase. */
  readonly unreadable: string | undefined;
}

export interface SequencePicture extends ObjectPicture {
  /** The column that owns it; undefined for one that no column owns. */
  readonly ownedBy: (RelationName & { readonly column: string }) | undefined;
}

export interface SessionPicture {
  readonly pid: number;
  readonly role: string;
  readonly application: string;
  readonly address: string | undefined;
  readonly state: string | undefined;
}
