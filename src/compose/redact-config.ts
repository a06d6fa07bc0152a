import type { Project, Service } from "./project.ts";

const secretName = /pass(word|wd)?$|secret|token|_key$|fernet|credential/i;
const masked = "********";

/** The project with every value masked that its name, or the password of a URL, marks as a secret. */
export function redactConfig(project: Project): Project {
  const services = Object.fromEntries(
    Object.entries(project.services).map(([name, service]) => [name, redactService(service)]),
  );
  const secrets = Object.fromEntries(
    Object.entries(project.secrets).map(([name, secret]) => [
      name,
      secret.content === undefined ? secret : { ...secret, content: masked },
    ]),
  );
  return { ...project, services, secrets };
}

function redactService(service: Service): Service {
  const environment = Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [
      name,
      value === null ? null : redactValue(name, value),
    ]),
  );
  return {
    ...service,
    environment,
    ...(service.command == null ? {} : { command: service.command.map(redactUrls) }),
    ...(service.entrypoint == null ? {} : { entrypoint: service.entrypoint.map(redactUrls) }),
  };
}

function redactValue(name: string, value: string): string {
  return secretName.test(name) && !/_FILE$|_CMD$/.test(name) && value !== "" ? masked : redactUrls(value);
}

function redactUrls(text: string): string {
  return text.replace(/(:\/\/[^:/@\s]*:)[^@\s]*(?=@)/g, `$1${masked}`);
}
