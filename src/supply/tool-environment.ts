import type { Host } from "../ports/host.ts";

/** uv settings about where packages come from; the rest of its variables would change what is installed. */
const UV_KEPT =
  /^UV_(DEFAULT_INDEX|INDEX|INDEX_.*|EXTRA_INDEX_URL|CACHE_DIR|HTTP_.*|REQUEST_TIMEOUT|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST|KEYRING_PROVIDER|OFFLINE|CONCURRENT_.*|LINK_MODE|CREDENTIALS_DIR|CONFIG_FILE)$/;

/** npm settings about the registry; npm hands all its other ones (`global`, `prefix`, `omit`) to what it runs. */
const NPM_KEPT =
  /^npm_config_(registry|_auth|_authtoken|.*:.*|proxy|https[_-]proxy|http[_-]proxy|noproxy|ca|cafile|cert|certfile|key|keyfile|strict[_-]ssl|userconfig|globalconfig|cache|offline|prefer[_-]offline|fetch[_-].*|maxsockets|local[_-]address)$/i;

const DROPPED =
  /^(PYTHON.*|VIRTUAL_ENV.*|CONDA_.*|PIP_(TARGET|PREFIX|ROOT|USER|REQUIRE_VIRTUALENV)|__PYVENV_LAUNCHER__)$/;

/**
 * Environment of installers (uv, npm, the wheel fetcher): the user's own, because registries, logins, proxies and
 * certificates may be set by any variable, without what would steer the installer elsewhere. Never for units.
 */
export function toolEnvironment(
  host: Pick<Host, "env">,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(host.env)) {
    if (value === undefined || DROPPED.test(name)) continue;
    if (name.startsWith("UV_") && !UV_KEPT.test(name)) continue;
    if (/^npm_config_/i.test(name) && !NPM_KEPT.test(name)) continue;
    environment[name] = value;
  }
  environment.PATH ??= "/usr/local/bin:/usr/bin:/bin";
  return { ...environment, ...more };
}
