/** Where tables go that are named without a schema. */
export interface SearchPath {
  /** Undefined: all roles. */
  readonly role: string | undefined;
  /** Undefined: all databases. */
  readonly database: string | undefined;
  /** `$user` stands for the role's name; none: the default again. */
  readonly schemas: readonly string[];
}
