import type { Component, ImageBehaviour, ImageReference, RecognisedImage } from "../product.ts";

/** `postgres:MAJOR[.MINOR][-variant]`. */
export function recognisePostgresImage(image: ImageReference): RecognisedImage | undefined {
  if (image.repository !== "postgres") return undefined;
  return { product: "postgres", version: (image.tag ?? "latest").replace(/-.*$/, ""), python: undefined };
}

/** Data directory before 18; from 18 on the image keeps data in `/var/lib/postgresql/MAJOR/docker`. */
export const postgresImage: ImageBehaviour = {
  home: "/var/lib/postgresql",
  workingDirectory: "/",
  environment: {},
  defaultCommand: ["postgres"],
  volumes: ["/var/lib/postgresql/data"],
};

/** The same image with another program than the server: its entry point runs that as root. */
export const postgresClientImage: ImageBehaviour = { ...postgresImage, home: "/root" };

export const postgresServerComponent: Component = {
  id: "server",
  oneShot: false,
  listeners: [
    {
      port: 5432,
      purpose: "sql",
      program: "postgres",
      portFlags: ["-p", "--port"],
      hostFlags: ["-h"],
      portVariables: [],
      hostVariables: [],
      sharedByApp: false,
    },
  ],
};

/** The major version a tag means; `latest` and no tag mean the newest one the native engine carries by itself. */
export function parsePostgresMajor(version: string): number | undefined {
  if (version === "latest" || version === "") return 17;
  const match = /^(\d+)(?:\.\d+)*$/.exec(version);
  return match === null ? undefined : Number(match[1]);
}
