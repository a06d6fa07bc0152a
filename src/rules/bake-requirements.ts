import type { Fix } from "../core/fix.ts";
import type { ServiceRole } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";

const variable = "_PIP_ADDITIONAL_REQUIREMENTS";
const requirement = /^[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?(?:[=<>!~]=?[\w.*+]+(?:,[=<>!~]=?[\w.*+]+)*)?$/;

/**
 * Puts what Airflow's containers install at their start into an image: a Dockerfile of two lines in place of `image:`, for
 * all services of that image, and the variable goes. Undefined where commands install something too, where services want
 * different packages, and for anything but plain requirements.
 */
export function bakeRequirements({ edit, topology }: Subject, services: readonly string[]): Fix | undefined {
  const roles = services.flatMap((service) => topology.services[service] ?? []);
  const image = roles[0]?.baseImage;
  const users = Object.values(topology.services).filter(
    (role) => role.base?.product === "airflow" && role.baseImage === image,
  );
  const wanted = new Set(users.map(wordsOf).filter((words) => words !== ""));
  const words = [...wanted][0]?.split(" ") ?? [];
  const isPlain = words.length > 0 && words.every((word) => requirement.test(word));
  const installs = topology.invocations.some(
    ({ service, program }) => /^pip3?$/.test(program) && users.some((role) => role.service === service),
  );
  const isKnown = roles.every(({ environmentText }) =>
    environmentText.get(variable)?.pieces.every(({ place }) => place.kind !== "unset" && place.kind !== "computed"),
  );
  if (image === undefined || wanted.size !== 1 || !isPlain || installs || !isKnown) return undefined;
  if (users.some((role) => role.dockerfile !== undefined)) return undefined;
  const names = users.map(({ service }) => service);
  const given = users.filter(({ environmentText }) => environmentText.has(variable)).map(({ service }) => service);
  const build = { context: ".", dockerfile_inline: dockerfile(image, users, words) };
  const edits = edit.sequence([
    (kit) => kit.addServiceKeyBeside(names, "build", build, "image"),
    (kit) => kit.removeServiceKey(names, ["image"]),
    (kit) => kit.removeEnvironment(given, variable),
  ]);
  return (
    edits && {
      class: "behaviour",
      title: `Install ${words.join(", ")} in the image of ${names.join(", ")}`,
      edits,
      touches: [
        ...names.flatMap((name) => ["build", "image"].map((key) => ["services", name, key])),
        ...given.map((name) => ["services", name, "environment", variable]),
      ],
    }
  );
}

function wordsOf({ environment }: ServiceRole): string {
  return (environment[variable] ?? "").trim().split(/\s+/).join(" ");
}

/** With Airflow's own version beside them pip cannot put in another one (Airflow's documentation of its image). */
function dockerfile(image: string, [role]: readonly ServiceRole[], words: readonly string[]): string {
  const version = role?.base?.version ?? "";
  const isPinned = version !== "" && image.includes(`:${version}`);
  const list = [...(isPinned ? [`apache-airflow==${version}`] : []), ...words];
  const quoted = list.map((word) => (/[<>[\]*!~]/.test(word) ? `'${word}'` : word));
  return `FROM ${image}\nRUN pip install --no-cache-dir ${quoted.join(" ")}\n`;
}
