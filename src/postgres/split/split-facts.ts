/** What a split has to know of a database beyond its picture: every object, what needs what, and what a copy does not carry. */
export interface SplitFacts {
  readonly server: {
    /** `server_version_num`: 170002. */
    readonly version: number;
    readonly systemIdentifier: string | undefined;
    readonly inRecovery: boolean;
    /** `file_copy_method=clone` makes a copy of a template a reflink: from 18 on, where the file system can. */
    readonly clones: boolean;
  };
  readonly self: {
    readonly role: string;
    readonly isSuperuser: boolean;
    readonly mayCreateDatabases: boolean;
    readonly mayCreateRoles: boolean;
    /** May do what the database's owner may. */
    readonly ownsDatabase: boolean;
  };
  readonly database: DatabaseProperties;
  readonly objects: readonly SplitObject[];
  /** Schemas that hold an object, with their owner. */
  readonly schemas: readonly { readonly name: string; readonly owner: string }[];
  readonly roles: readonly { readonly name: string; readonly isSuperuser: boolean; readonly mayLogin: boolean }[];
  /** Names of all databases of the server. */
  readonly databases: readonly string[];
  readonly largeObjects: number;
  /** What makes a copy or a rename impossible, by name. */
  readonly preparedTransactions: readonly string[];
  readonly logicalSlots: readonly string[];
  readonly subscriptions: readonly string[];
}

/** What belongs to a database and not to its content: TEMPLATE carries none of it. */
export interface DatabaseProperties {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly comment: string | undefined;
  readonly allowsConnections: boolean;
  readonly connectionLimit: number;
  readonly bytes: number;
  /** Undefined: the default, which lets everybody connect. */
  readonly grants: readonly DatabaseGrant[] | undefined;
  readonly settings: readonly DatabaseSetting[];
}

export interface DatabaseGrant {
  /** Undefined: PUBLIC. */
  readonly role: string | undefined;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** `ALTER DATABASE .. SET`, or `ALTER ROLE .. IN DATABASE .. SET` where `role` is there. */
export interface DatabaseSetting {
  readonly role: string | undefined;
  readonly name: string;
  readonly value: string;
}

export type SplitObjectKind =
  | "table"
  | "foreign table"
  | "view"
  | "materialized view"
  | "sequence"
  | "function"
  | "procedure"
  | "aggregate"
  | "type"
  | "domain";

/** One object that can be dropped by itself. Indexes, defaults, constraints and owned sequences are part of their table. */
export interface SplitObject {
  /** Unique in the database: class and oid. */
  readonly key: string;
  readonly kind: SplitObjectKind;
  readonly schema: string;
  readonly name: string;
  /** Quoted and schema-qualified, with argument types: what DROP and ALTER take. */
  readonly identity: string;
  readonly owner: string;
  /** Keys of the objects it cannot be without. */
  readonly needs: readonly string[];
  /** Roles other than its owner that were granted something on it. */
  readonly granted: readonly string[];
}
