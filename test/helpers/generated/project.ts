import type { LoadRequest } from "../../../src/compose/load-request.ts";
import { isList, isMap, mapOf, type Draft } from "./draft.ts";
import type { Random } from "./random.ts";
import { serviceDraft } from "./service-keys.ts";
import { value, word } from "./words.ts";

/** A project before it is files: Compose files as documents, other files as lines, and how it is loaded. */
export interface ProjectDraft {
  readonly documents: Readonly<Record<string, readonly Draft[]>>;
  readonly lines: Readonly<Record<string, readonly string[]>>;
  readonly request: Pick<
    LoadRequest,
    "files" | "profiles" | "envFiles" | "projectName" | "projectDirectory" | "env"
  > & {
    /** Relative to the project. */
    readonly cwd: string;
  };
}

const shell = { SET: "set", EMPTY: "", N: "5", T: "true", HALF: "0.5", P: "8090" };

/** A project that uses Compose's forms, merges and interpolation at random; most are accepted. */
export function generateProject(random: Random): ProjectDraft {
  const extra = random.pick([0, 1, 1, 2]);
  const documents: Record<string, readonly Draft[]> = {
    "sub/base.yaml": [
      mapOf({ services: mapOf({ base: serviceDraft(random, [], true), plain: mapOf({ image: "p" }) }) }),
    ],
    "inc/part.yaml": [includedFile(random)],
  };
  const discovered = random.chance(0.4);
  const [first, ...later] = discovered ? ["compose.yaml", "compose.override.yaml"] : ["a.yaml", "b.yml", "c.json.yaml"];
  const services = ["db", "app", ...random.some(["web"], 0.6), ...random.some(["job.1"], 0.25)];
  const main = mainFile(random, services);
  documents[first] = random.chance(0.05) ? [main, overrideFile(random, services)] : [main];
  const overrides = later.slice(0, extra);
  for (const name of overrides) documents[name] = [overrideFile(random, services)];
  const files = discovered ? [] : [first, ...overrides];
  const byVariable = !discovered && random.chance(0.2);
  return {
    documents,
    lines: {
      ".env": dotenv(random, byVariable ? files : []),
      "one.env": ["E1=one", "A=fileA", "REF=${SET}-${A}", "ODD='q $X' # c", ...random.some(dotenvLines, 0.15)],
      "two.env": ["E2='two $X'", 'B="x\\ty"', "A=two", ...random.some(dotenvLines, 0.15)],
      "sub/one.env": ["FROM=sub"],
      "inc/.env": ["FROM_INC=inc", "SET=not this", ...random.some(dotenvLines, 0.1)],
      "inc/own.env": ["FROM_INC=own"],
      "labels.txt": ["l.file=1", "l.a=file"],
      "s1.txt": ["secret"],
    },
    request: {
      files: byVariable ? [] : files,
      profiles: random.some(["p1", "set", "*"], 0.15),
      envFiles: random.chance(0.1) ? random.pick([["one.env"], ["one.env", "two.env"]]) : [],
      projectName: random.chance(0.1) ? "given" : undefined,
      projectDirectory: !discovered && random.chance(0.05) ? random.pick(["sub", "."]) : undefined,
      env: random.chance(0.1) ? { ...shell, COMPOSE_PROFILES: random.pick(["p1,p2", "p2", ""]) } : shell,
      cwd: discovered && random.chance(0.1) ? "nested" : "",
    },
  };
}

function mainFile(random: Random, names: readonly string[]): Draft {
  const services = names.map((name, at): [string, Draft] => {
    const service = serviceDraft(random, names.slice(0, at), true);
    return [name, at === 0 ? service : shared(random, extended(random, service))];
  });
  return mapOf({
    name: random.chance(0.15) ? random.pick(["proj", "'My.Proj'", "'${SET}-x'"]) : undefined,
    version: random.chance(0.05) ? "'3.8'" : undefined,
    "x-common": {
      prefix: "&common",
      value: mapOf({
        environment: { prefix: "&env", value: mapOf({ COMMON: value(random), A: word(random) }) },
        restart: "always",
      }),
    },
    "x-more": {
      prefix: "&more",
      value: mapOf({ init: "true", labels: mapOf({ more: value(random) }), restart: '"no"' }),
    },
    include: random.chance(0.15) ? [includeEntry(random)] : undefined,
    ...resources(random),
    services: new Map(services),
  });
}

/** `<<` in the spellings people use; keys written out win. */
function shared(random: Random, service: ReadonlyMap<string, Draft>): Draft {
  if (random.chance(0.5)) return service;
  const merge: [string, Draft] = [
    random.pick(["<<", "<<", "<< ", "!!merge <<"]),
    random.pick<Draft>(["*common", ["*more", "*common"], "*more"]),
  ];
  const own = new Map(service);
  const environment = own.get("environment");
  if (isMap(environment) && random.chance(0.6)) own.set("environment", new Map([["<<", "*env"], ...environment]));
  return random.chance(0.5) ? new Map([merge, ...own]) : new Map([...own, merge]);
}

function extended(random: Random, service: ReadonlyMap<string, Draft>): ReadonlyMap<string, Draft> {
  if (random.chance(0.85)) return service;
  const base = random.pick<Draft>([
    "db",
    mapOf({ service: "db" }),
    mapOf({ file: "sub/base.yaml", service: "base" }),
    mapOf({ file: "./sub/base.yaml", service: "plain" }),
  ]);
  return new Map<string, Draft>([["extends", base], ...service]);
}

function overrideFile(random: Random, names: readonly string[]): Draft {
  const services = random.some([...names, "new"], 0.6).map((name): [string, Draft] => {
    const service = serviceDraft(random, name === "db" ? [] : ["db"], name === "new");
    return [name, new Map([...service].map(([key, draft]) => [key, tagged(random, draft)] as const))];
  });
  return mapOf({
    name: random.chance(0.05) ? "over" : undefined,
    ...(random.chance(0.4) ? placesDraft(random) : {}),
    services: new Map(services),
    "x-late": random.chance(0.1) ? value(random) : undefined,
  });
}

function tagged(random: Random, draft: Draft): Draft {
  if (random.chance(0.94)) return draft;
  if (random.chance(0.5)) return { prefix: "!reset", value: isList(draft) || isMap(draft) ? draft : "null" };
  return isList(draft) || isMap(draft) ? { prefix: "!override", value: draft } : draft;
}

function includedFile(random: Random): Draft {
  return mapOf({
    ...(random.chance(0.5) ? { volumes: mapOf({ incdata: "" }) } : {}),
    services: mapOf({
      included: mapOf({
        image: "'i:${FROM_INC:-none}'",
        env_file: random.chance(0.3) ? "own.env" : undefined,
        volumes: ["./here:/here"],
      }),
    }),
  });
}

function includeEntry(random: Random): Draft {
  return random.pick<Draft>([
    "inc/part.yaml",
    mapOf({ path: "inc/part.yaml" }),
    mapOf({ path: ["inc/part.yaml"], env_file: "inc/own.env" }),
    mapOf({ path: "./inc/part.yaml", project_directory: "inc", env_file: ["inc/own.env"] }),
    mapOf({ path: "inc/part.yaml", project_directory: "." }),
  ]);
}

function resources(random: Random): Readonly<Record<string, Draft>> {
  return { ...placesDraft(random), ...filesDraft(random) };
}

function filesDraft(random: Random): Readonly<Record<string, Draft>> {
  return {
    secrets: mapOf({
      s1: mapOf({ file: "./s1.txt" }),
      s2: random.pick<Draft>([mapOf({ environment: "SET" }), mapOf({ external: "true", name: "x" })]),
    }),
    configs: mapOf({
      c1: mapOf({ content: "'x ${SET} $$y'" }),
      c2: random.pick<Draft>([mapOf({ file: "./c2" }), mapOf({ environment: "UNSET" })]),
    }),
  };
}

function placesDraft(random: Random): Readonly<Record<string, Draft>> {
  return {
    networks: mapOf({
      n1: random.pick<Draft>([
        "",
        mapOf({ driver: "bridge", labels: mapOf({ a: "1" }) }),
        mapOf({ internal: "true", enable_ipv6: "${T}" }),
      ]),
      n2: random.pick<Draft>([
        "{}",
        mapOf({ external: "true", name: "real" }),
        mapOf({ external: "'true'" }),
        mapOf({ ipam: mapOf({ config: [mapOf({ subnet: "10.5.0.0/16" })] }) }),
      ]),
      default: random.chance(0.15) ? mapOf({ name: "'d-${SET}'", driver_opts: mapOf({ x: "1" }) }) : undefined,
    }),
    volumes: mapOf({
      data: random.pick<Draft>([
        "",
        "{}",
        mapOf({ name: "'v-${SET}'" }),
        mapOf({ labels: ["x=y"], driver_opts: mapOf({ a: "1" }) }),
        mapOf({ driver: "local", driver_opts: mapOf({ type: "none", o: "bind", device: "./dev" }) }),
      ]),
      more: random.pick<Draft>(["", mapOf({ external: "true" })]),
      set: "",
    }),
  };
}

const dotenvLines: readonly string[] = [
  "export EXPORTED=e",
  "COLON: c",
  "HASH=v#c",
  "COMMENT=v # c",
  "  INDENTED=i",
  "SPACED = s",
  "SINGLE='s $SET \\n'",
  'DOUBLE="d $SET \\n ${UNSET:-x}"',
  "BARE",
  "SET",
  "EMPTY_HERE=",
  "# whole line",
  "",
  "FORWARD=${LATER}",
  "LATER=l",
  "DOLLAR=pa$word",
  'MULTI="one\ntwo"',
  "ESC='it\\'s'",
  "DOTTED.NAME=d",
  "UNI=Größe",
];

function dotenv(random: Random, composeFiles: readonly string[]): readonly string[] {
  const lines = ["DOT=dot", "FROM_ENV_FILE=dotenv", ...random.some(dotenvLines, 0.12)];
  if (random.chance(0.05)) lines.push("COMPOSE_PROJECT_NAME=fromenv");
  if (random.chance(0.05)) lines.push("COMPOSE_PROFILES=p2");
  if (composeFiles.length > 0) lines.push(`COMPOSE_FILE=${composeFiles.join(":")}`);
  return lines;
}
