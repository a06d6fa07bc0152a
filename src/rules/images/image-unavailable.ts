import { parseImage } from "../../catalog/parse-image.ts";
import type { Fix } from "../../core/fix.ts";
import { labelImage } from "../label-image.ts";
import { defineRule, type Subject } from "../rule.ts";

interface Withdrawn {
  readonly pattern: RegExp;
  /** What is wrong with it, behind the image's name. */
  readonly says: string;
  readonly instead: string;
  readonly replace?: (tag: string) => string | undefined;
}

/**
 * Images that are not, or no longer, where tutorials say. MLflow's own are on ghcr.io (mlflow.org, "Docker"); Bitnami's
 * catalog was moved to `bitnamilegacy` without updates in August 2025 (bitnami/charts #35164).
 */
const withdrawn: readonly Withdrawn[] = [
  {
    pattern: /^mlflow\/mlflow$/,
    says: "is not where MLflow publishes its releases",
    instead: "ghcr.io/mlflow/mlflow:vVERSION is",
    replace: (tag) => (/^v?\d/.test(tag) ? `ghcr.io/mlflow/mlflow:v${tag.replace(/^v/, "")}` : undefined),
  },
  {
    pattern: /^bitnami\//,
    says: "was withdrawn in August 2025",
    instead: "`bitnamilegacy/` holds the old tags without updates; the application's own image gets them",
  },
  {
    pattern: /^puckel\/docker-airflow$/,
    says: "ended with Airflow 1.10.9",
    instead: "apache/airflow:VERSION is the official one",
  },
];

export const imageUnavailable = defineRule({
  id: "image-unavailable",
  group: "images",
  severity: "warning",
  fix: "behaviour",
  summary: "An image that is not, or no longer, published under this name",
  *check(subject) {
    const { project } = subject;
    for (const [service, { image, build }] of Object.entries(project.services)) {
      if (image === undefined || build !== undefined) continue;
      const { repository, registry, tag = "" } = parseImage(image);
      const found = registry === undefined ? withdrawn.find(({ pattern }) => pattern.test(repository)) : undefined;
      if (found === undefined) continue;
      const instead = found.replace?.(tag);
      yield {
        message: `The image of \`${service}\`, ${repository}, ${found.says}`,
        labels: [labelImage(subject, service, found.instead)],
        services: [service],
        evidence: [service, repository],
        confidence: "likely",
        consequence: `pull access denied for ${repository}, repository does not exist or may require 'docker login'`,
        fix: () => (instead === undefined ? undefined : planFix(subject, service, image, instead)),
      };
    }
  },
});

function planFix({ edit }: Subject, service: string, image: string, instead: string): Fix | undefined {
  const edits = edit.replaceSlice(["services", service, "image"], 0, image.length, instead);
  return (
    edits && {
      class: "behaviour",
      title: `Run ${service} from ${instead}`,
      edits,
      touches: [["services", service, "image"]],
    }
  );
}
