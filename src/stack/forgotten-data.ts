/** A PostgreSQL cluster that no server of the file keeps: its service was renamed, taken out, or is not known for a server. */
export interface ForgottenData {
  readonly name: string;
  /** What the file no longer says cannot be started: what still runs there is ended and its data copied as it is. */
  readonly copyTo: (path: string) => Promise<void>;
}

/** Where in a volume a cluster may be, by how volumes are mounted: PGDATA itself, or a directory above. */
export const clusterPlaces: readonly string[] = ["", "data", "pgdata", "18/docker", "19/docker"];

/** What the copy of a cluster is called: after its volume, and the directory in that. */
export function nameOfCluster(volume: string, place: string): string {
  return place === "" ? volume : `${volume}.${place.replaceAll("/", "-")}`;
}
