import type { ProductId } from "../catalog/product.ts";
import type { RevisionOwner } from "./revision-owner.ts";

/** What is known of a stack besides its logs. Without a project every answer but `ownersOf` is undefined or empty. */
export interface StackFacts {
  readonly hasProject: boolean;
  readonly productOf: (service: string) => ProductId | undefined;
  /** The service that a host name means inside a service. */
  readonly serviceOf: (from: string, host: string) => string | undefined;
  /** The PostgreSQL service that keeps a service's own tables. */
  readonly serverOf: (service: string) => string | undefined;
  /** The name of the superuser of a PostgreSQL service. */
  readonly superuserOf: (server: string) => string | undefined;
  /** Services that a service needs, over any number of steps: depends_on and connections. */
  readonly dependenciesOf: (service: string) => ReadonlySet<string>;
  /** Who has an Alembic revision of this id. */
  readonly ownersOf: (revision: string) => readonly RevisionOwner[];
}
